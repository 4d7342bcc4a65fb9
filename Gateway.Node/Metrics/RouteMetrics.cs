using Gateway.Core.Analytics;
using Gateway.Core.Traffic;
using Gateway.Node.Recording;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>
/// Routes for Prometheus: each scrape adds what the loops have counted since the last one, so that requests cost nothing more. The counts of a removed route
/// are dropped together with those of the analytics.
/// </summary>
internal sealed class RouteMetrics
{
    private readonly RouteCounts _counts;
    private readonly RouteInstruments _instruments;
    private readonly Dictionary<RouteSeries, Known> _known = [];
    private readonly Lock _reading = new();

    public RouteMetrics(RouteCounts counts, CollectorRegistry registry)
    {
        (_counts, _instruments) = (counts, new(registry));
        registry.AddBeforeCollectCallback(Read);
    }

    private void Read()
    {
        lock (_reading)
        {
            var present = _counts.All.ToHashSet();
            foreach (var gone in _known.Keys.Where(series => !present.Contains(series)).ToList())
            {
                _known.Remove(gone);
                Forget(gone.Key.Name); // A new route of the same name starts from zero.
            }

            foreach (var series in present)
            {
                Take(series);
            }
        }
    }

    private void Take(RouteSeries series)
    {
        if (!_known.TryGetValue(series, out var known))
        {
            _known.Add(series, known = new());
        }

        Span<long> durations = stackalloc long[LatencyHistogram.Length];
        Span<long> classes = stackalloc long[LoopTally.Classes];
        durations.Clear();
        classes.Clear();
        var errors = series.AddTo(durations, classes);
        var route = series.Key.Name;
        for (var i = 0; i < durations.Length; i++)
        {
            if (durations[i] - known.Durations[i] is > 0 and var more)
            {
                _instruments.Durations.WithLabels(route).Observe(LatencyHistogram.MiddleOf(i).TotalSeconds, more);
                known.Durations[i] = durations[i];
            }
        }

        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] > 0)
            {
                _instruments.Requests.WithLabels(route, i == 0 ? "other" : $"{i}xx").IncTo(classes[i]);
                _instruments.Errors.WithLabels(route).IncTo(errors); // Even without errors, so that their share is 0 and not unknown.
            }
        }
    }

    private void Forget(string route)
    {
        foreach (var labels in _instruments.Requests.GetAllLabelValues().Where(labels => labels[0] == route).ToList())
        {
            _instruments.Requests.RemoveLabelled(labels);
        }

        _instruments.Errors.RemoveLabelled(route);
        _instruments.Durations.RemoveLabelled(route);
    }

    /// <summary>The counts of one route added so far.</summary>
    private sealed class Known
    {
        public long[] Durations { get; } = new long[LatencyHistogram.Length];
    }
}
