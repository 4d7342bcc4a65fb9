using System.Collections.Immutable;
using Gateway.Core.Pools;
using Gateway.Http.Http2;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Counts refusals by limits on clients.</summary>
internal sealed class LimitMetrics
{
    private readonly LimitInstruments _instruments;
    private RateLimiters _limiters = RateLimiters.None;

    public LimitMetrics(CollectorRegistry registry)
    {
        _instruments = new(registry);
        registry.AddBeforeCollectCallback(ReadForgotten);
    }

    /// <summary>Sets the current limits. Counts of removed routes and limits are dropped.</summary>
    public void Watch(RateLimiters limiters, ImmutableArray<RouteSettings> routes)
    {
        Volatile.Write(ref _limiters, limiters);
        var names = routes.Select(r => r.Name).Append(PoolSettings.DefaultName).ToHashSet(StringComparer.Ordinal);
        Keep(_instruments.RateLimited, names);
        Keep(_instruments.KeysForgotten, limiters.All.Select(l => l.Name).ToHashSet(StringComparer.Ordinal));
    }

    public void RateLimited(string route) => _instruments.RateLimited.WithLabels(route).Inc();

    /// <param name="reason">From a fixed set, like all labels.</param>
    public void RequestDenied(string reason) => _instruments.RequestsDenied.WithLabels(reason).Inc();

    /// <param name="reason">From a fixed set, like all labels.</param>
    public void ConnectionRefused(string reason) => _instruments.ConnectionsRefused.WithLabels(reason).Inc();

    public void Http2Ended(Http2Error error) => _instruments.Http2Ended.WithLabels(Http2Errors.NameOf(error)).Inc();

    public void Http2StreamRefused(Http2Error error) => _instruments.Http2Refused.WithLabels(ReasonOf(error)).Inc();

    private static string ReasonOf(Http2Error error) => error switch
    {
        Http2Error.RefusedStream => "too-many",
        Http2Error.EnhanceYourCalm => "late-head",
        Http2Error.FlowControlError => "flow-control",
        Http2Error.StreamClosed => "closed",
        Http2Error.FrameSizeError => "frame-size",
        _ => "malformed",
    };

    private static void Keep(Counter counter, HashSet<string> names)
    {
        foreach (var gone in counter.GetAllLabelValues().Where(labels => !names.Contains(labels[0])).ToList())
        {
            counter.RemoveLabelled(gone);
        }
    }

    private void ReadForgotten()
    {
        foreach (var limiter in Volatile.Read(ref _limiters).All)
        {
            _instruments.KeysForgotten.WithLabels(limiter.Name).Inc(limiter.TakeForgotten());
        }
    }
}
