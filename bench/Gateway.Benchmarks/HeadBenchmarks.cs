using BenchmarkDotNet.Attributes;
using Gateway.Core.Endpoints;
using Gateway.Upstream;
using Gateway.Upstream.Http1;

namespace Gateway.Benchmarks;

/// <summary>The codec's two heads: an answer's read, a request's written. Both are done once for each attempt.</summary>
[MemoryDiagnoser]
public class HeadBenchmarks
{
    private readonly ResponseHeadParser _parser = new(CodecLimits.Default);
    private readonly ResponseHeadParser _fresh = new(CodecLimits.Default);
    private readonly PooledBuffer _output = new(4096);
    private readonly Exchange _exchange = Messages.Exchange(Messages.Request());
    private readonly EndpointAddress _address = Endpoints.Cell(0).Id.Address;

    [Benchmark(OperationsPerInvoke = 2)]
    public int Parse() => _fresh.Parse(Messages.Answer).Consumed + _fresh.Parse(Messages.OtherAnswer).Consumed;

    /// <summary>The usual case: the same head as last.</summary>
    [Benchmark]
    public int ParseAgain() => _parser.Parse(Messages.Answer).Consumed;

    [Benchmark]
    public int Write()
    {
        _output.Truncate(0);
        RequestHeadWriter.Write(_output, RequestHead.Of(_exchange, _address));
        return _output.Length;
    }
}
