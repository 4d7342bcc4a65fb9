using Akka.Actor;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Probing;

/// <summary>One target: who wants to hear of it and how often, and its last result.</summary>
internal sealed class ProbeWatch(ProbeTarget target)
{
    /// <summary>By watcher, how often it wants the target probed.</summary>
    public Dictionary<IActorRef, TimeSpan> Watchers { get; } = [];

    public TargetProbed? Last { get; set; }

    public TimeSpan LastAt { get; set; }

    /// <summary>The shortest that anybody wants.</summary>
    public TimeSpan Interval => Watchers.Values.Min();

    /// <summary>The part of a slot that the target holds if it never answers, at most 1.</summary>
    public double Need => Watchers.Count == 0 ? 0 : Math.Min(1, target.Spec.Timeout / Interval);

    /// <summary>Whether it is not known to answer: the last probe took more than half of its timeout, or all of it, or there was none.</summary>
    public bool IsSlow => Last is null || Last.Result.Latency > target.Spec.Timeout / 2;
}
