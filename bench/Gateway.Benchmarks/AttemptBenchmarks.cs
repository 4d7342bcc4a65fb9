using BenchmarkDotNet.Attributes;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.AspNetCore.Http;

namespace Gateway.Benchmarks;

/// <summary>
/// A whole attempt but for the kernel: an idle connection taken, the head written, the answer's head read and copied, its body put into
/// the client's output, the connection returned. The client throws away what it gets, so that its flush is among what is measured.
/// </summary>
[MemoryDiagnoser]
public class AttemptBenchmarks
{
    private readonly DefaultHttpContext _context = Messages.Request();
    private Exchange _exchange = null!;
    private ConnectionPool _pool = null!;
    private TransportClock _clock = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _exchange = Messages.Exchange(_context);
        _clock = new TransportClock(TimeProvider.System);
        _pool = new ConnectionPool(
            Endpoints.Cell(0).Id.Address, new ConnectionPolicy(), () => ValueTask.FromResult<Stream>(new EchoStream(Messages.Answer)),
            new ConnectionCount(), TimeProvider.System, () => 0.5);
        var waiter = new ConnectionWaiter(ConnectionSlots.HoweverIdle);
        _pool.Join(waiter);
        _pool.Return(await waiter.Task, endpointTimeout: null);
    }

    [Benchmark]
    public async ValueTask<AttemptEnd> Attempt()
    {
        _context.Response.Clear();
        var connection = _pool.TryTakeIdle(ConnectionSlots.HoweverIdle) ?? throw new InvalidOperationException("the connection is gone");
        connection.Attempt ??= new Http1Attempt(_pool, connection, _clock);
        var report = await connection.Attempt.RunAsync(_exchange);
        await _context.Response.BodyWriter.FlushAsync();
        return report.End == AttemptEnd.Answered ? report.End : throw new InvalidOperationException($"{report.End}: {report.Detail}");
    }
}
