using BenchmarkDotNet.Attributes;
using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Benchmarks;

/// <summary>
/// The cost of the analytics per request, compared with the shared histogram and its atomic increment; then the cost of sampling one source, every 15 s and on
/// each query.
/// </summary>
[MemoryDiagnoser]
public class AnalyticsBenchmarks
{
    private const int Requests = 1 << 16;

    private readonly LoopTally _tally = new();
    private readonly LatencyHistogram _shared = new();
    private readonly TimeSpan[] _latencies = [.. Enumerable.Range(0, 1024).Select(i => TimeSpan.FromMicroseconds(200 + (i * 37 % 4_000)))];
    private readonly AnalyticsBook _book = new(TimeSpan.Zero);
    private readonly AnalyticsBook _routes = new(TimeSpan.Zero);
    private Source[] _sources = [];
    private Route[] _routeSources = [];
    private long _now;

    [GlobalSetup]
    public void Setup()
    {
        _sources = [new()];
        _routeSources = [new()];
        for (_now = 0; _now < 900; _now += 15)
        {
            CountSome();
            _book.Take(TimeSpan.FromSeconds(_now), _sources);
            _routes.Take(TimeSpan.FromSeconds(_now), _routeSources);
        }
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public void CountRequest()
    {
        for (var i = 0; i < Requests; i++)
        {
            _tally.Ended(_latencies[i & 1023], 200);
        }
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public void CountInSharedHistogram()
    {
        for (var i = 0; i < Requests; i++)
        {
            _shared.Observe(_latencies[i & 1023]);
        }
    }

    /// <summary>Samples a pool's backend with 100 requests since the last sample, which are counted here too.</summary>
    [Benchmark]
    public void CountHundredAndLookAtPool()
    {
        for (var i = 0; i < 100; i++)
        {
            _sources[0].Tally.Ended(_latencies[i], isError: i == 0);
        }

        _book.Take(TimeSpan.FromSeconds(_now += 15), _sources);
    }

    /// <summary>Samples a route on one event loop with 100 requests.</summary>
    [Benchmark]
    public void CountHundredAndLookAtRoute()
    {
        for (var i = 0; i < 100; i++)
        {
            _routeSources[0].Tally.Ended(_latencies[i], i == 0 ? 500 : 200);
        }

        _routes.Take(TimeSpan.FromSeconds(_now += 15), _routeSources);
    }

    [Benchmark]
    public int ReadThreeWindowsOfOne() => _book.Read(default).Length;

    private void CountSome()
    {
        for (var i = 0; i < 1_500; i++)
        {
            _sources[0].Tally.Ended(_latencies[i & 1023], isError: false);
            _routeSources[0].Tally.Ended(_latencies[i & 1023], 200);
        }
    }

    /// <summary>The source of a pool's row, as in a replica.</summary>
    private sealed class Source : ISeriesSource
    {
        public SharedTally Tally { get; } = new();

        public SeriesKey Key { get; } = SeriesKey.OfPool("default");

        public SeriesCounts Read() => Tally.Read();
    }

    private sealed class Route : ISeriesSource
    {
        public LoopTally Tally { get; } = new();

        public SeriesKey Key { get; } = SeriesKey.Route("default");

        public SeriesCounts Read()
        {
            Span<long> counts = stackalloc long[LatencyHistogram.Length];
            counts.Clear();
            var errors = Tally.AddTo(counts);
            var latencies = LatencyCounts.Of(counts);
            return new(latencies.Total, errors, latencies, LatencyCounts.Empty);
        }
    }
}
