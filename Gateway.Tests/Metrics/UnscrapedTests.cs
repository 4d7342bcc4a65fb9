using System.Collections.Immutable;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Node.Metrics;
using Gateway.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Metrics;

/// <summary>Counts of removed backends and pools, without scrapes.</summary>
public sealed class UnscrapedTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly GatewayMetrics _metrics;

    public UnscrapedTests() => _metrics = new(new NoConnections(), _clock);

    [Fact]
    public void It_goes_a_minute_after_the_backend_has_fallen_quiet()
    {
        for (var round = 0; round < 100; round++)
        {
            var endpoint = EndpointAt(round + 1);
            _metrics.Of(endpoint.Cell).Begun();
            _metrics.Removed(endpoint);
        }

        Pass(GatewayMetrics.KeptUnscraped - TimeSpan.FromSeconds(1));
        Assert.Equal(100, _metrics.Backends.Count);
        Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(_metrics.Backends);
        Assert.Empty(_metrics.Instruments.BackendRequests.GetAllLabelValues());
    }

    [Fact]
    public void It_stays_for_as_long_as_an_attempt_is_in_flight()
    {
        var endpoint = EndpointAt(1);
        _metrics.Of(endpoint.Cell).Begun();
        Assert.Equal(Admission.Granted, endpoint.Cell.TryLease(out var lease));
        _metrics.Removed(endpoint);
        Pass(TimeSpan.FromMinutes(10));
        Assert.Single(_metrics.Backends);
        lease.Release();
        Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(_metrics.Backends);
    }

    [Fact]
    public void A_pool_that_is_gone_takes_its_counters_with_it_and_one_that_comes_back_keeps_them()
    {
        var pools = new[] { "a", "b" }.ToImmutableDictionary(name => name, name => new Pool(new() { Name = name, Endpoints = [] }));
        _metrics.Watch(pools);
        foreach (var pool in pools.Keys)
        {
            _metrics.RequestSaturated(pool);
            _metrics.OfNone(pool).Of("GET");
        }

        _metrics.Watch(pools.Clear());
        _metrics.Watch(pools.Remove("a"));
        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(["b"], _metrics.Instruments.RequestsSaturated.GetAllLabelValues().Select(labels => labels[0]));
        Assert.Equal("b", Assert.Single(_metrics.Backends).Pool);
    }

    private static Endpoint EndpointAt(int number) =>
        new(new(TestEndpoints.Id(number), BreakerPolicy.Default, maxInFlight: 10));

    /// <summary>Sweeps once a second, like the sampler.</summary>
    private void Pass(TimeSpan time)
    {
        for (var second = TimeSpan.Zero; second < time; second += TimeSpan.FromSeconds(1))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _metrics.Sweep();
        }
    }

    private sealed class NoConnections : IConnectionCounts
    {
        public ConnectionReading Read(EndpointCell endpoint) => default;
    }
}
