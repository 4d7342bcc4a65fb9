using System.Collections.Concurrent;
using Gateway.Core.Addressing;
using Gateway.Core.Traffic;

namespace Gateway.Node.Metrics;

/// <summary>Takes a sample of the running totals once a second, so that rates and quantiles of the last ones can be told at any time.</summary>
internal sealed class TrafficSampler(GatewayMetrics metrics, TrafficAnalytics analytics, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TrafficWindow _requests = new();
    private readonly ConcurrentDictionary<(string Pool, string Backend), TrafficWindow> _attempts = new();

    /// <summary>All requests that this replica answered lately.</summary>
    public TrafficRates Requests => _requests.Rates;

    /// <summary>The attempts sent to an endpoint lately.</summary>
    public TrafficRates AttemptsAt(EndpointId endpoint) =>
        _attempts.TryGetValue((endpoint.Pool, endpoint.Address.Label), out var window) ? window.Rates : TrafficRates.None;

    /// <summary>Takes one sample of everything.</summary>
    internal void Sample(TimeSpan now)
    {
        var backends = metrics.Backends;
        var totals = default(TrafficTotals);
        foreach (var backend in backends)
        {
            var attempts = backend.Attempts;
            totals += backend.Requests with { Retries = attempts.Retries };
            _attempts.GetOrAdd((backend.Pool, backend.Backend), static _ => new()).Take(now, attempts, backend.AddLatenciesTo);
        }

        _requests.Take(now, totals, counts =>
        {
            foreach (var backend in backends)
            {
                backend.AddDurationsTo(counts);
            }
        });
        Forget(backends);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            do
            {
                Sample(clock.GetElapsedTime(0));
                analytics.Tick(clock.GetElapsedTime(0));
                metrics.Sweep();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Drops the windows of backends that are counted no more.</summary>
    private void Forget(ICollection<EndpointMetrics> backends)
    {
        var present = backends.Select(b => (b.Pool, b.Backend)).ToHashSet();
        foreach (var gone in _attempts.Keys.Where(key => !present.Contains(key)))
        {
            _attempts.TryRemove(gone, out _);
        }
    }
}
