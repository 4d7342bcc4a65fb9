using System.Collections.Concurrent;
using Gateway.Core.Addressing;
using Gateway.Core.Traffic;

namespace Gateway.Node.Metrics;

/// <summary>Samples the running totals once a second, so that recent rates and quantiles are available at any time.</summary>
internal sealed class TrafficSampler(GatewayMetrics metrics, TrafficAnalytics analytics, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TrafficWindow _requests = new();
    private readonly ConcurrentDictionary<(string Pool, string Backend), TrafficWindow> _attempts = new();

    /// <summary>The recent requests answered by this replica.</summary>
    public TrafficRates Requests => _requests.Rates;

    /// <summary>The recent attempts sent to an endpoint.</summary>
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

    /// <summary>Drops the windows of backends without counters.</summary>
    private void Forget(ICollection<EndpointMetrics> backends)
    {
        var present = backends.Select(b => (b.Pool, b.Backend)).ToHashSet();
        foreach (var gone in _attempts.Keys.Where(key => !present.Contains(key)))
        {
            _attempts.TryRemove(gone, out _);
        }
    }
}
