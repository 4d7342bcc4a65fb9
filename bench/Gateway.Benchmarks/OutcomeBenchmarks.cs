using BenchmarkDotNet.Attributes;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Benchmarks;

/// <summary>
/// The life of a lease at one endpoint: taken, reported, released; and the latency sample of an answer. With 8 threads, all use the same endpoint, which is the
/// worst case.
/// </summary>
[MemoryDiagnoser]
public class OutcomeBenchmarks
{
    private const int Leases = 1 << 16;

    private readonly EndpointCell _cell = Endpoints.Cell(0);
    private Crew _reported = null!;
    private Crew _unreported = null!;
    private Crew _observed = null!;

    [Params(1, 8)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup() => (_reported, _unreported, _observed) = (new(Threads, Report), new(Threads, Release), new(Threads, Observe));

    [GlobalCleanup]
    public void Cleanup()
    {
        _reported.Dispose();
        _unreported.Dispose();
        _observed.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Leases)]
    public void LeaseAndRelease() => _unreported.Run();

    [Benchmark(OperationsPerInvoke = Leases)]
    public void LeaseReportAndRelease() => _reported.Run();

    [Benchmark(OperationsPerInvoke = Leases)]
    public void ObserveLatency() => _observed.Run();

    private void Release(int thread)
    {
        for (var left = Leases / Threads; left > 0; left--)
        {
            _cell.TryLease(out var lease);
            lease.Release();
        }
    }

    private void Report(int thread)
    {
        for (var left = Leases / Threads; left > 0; left--)
        {
            _cell.TryLease(out var lease);
            lease.Report(Outcome.Success);
            lease.Release();
        }
    }

    private void Observe(int thread)
    {
        for (var left = Leases / Threads; left > 0; left--)
        {
            // Alternately falling and rising: the decay, which costs an exponential, and the peak, which does not.
            _cell.Observe(TimeSpan.FromMilliseconds(1 + (left & 1)), Endpoints.Now);
        }
    }
}
