using Akka.Actor;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Probing;

/// <summary>One target: its watchers with their intervals, and its last result.</summary>
internal sealed class ProbeWatch(ProbeTarget target)
{
    /// <summary>The interval each watcher wants.</summary>
    public Dictionary<IActorRef, TimeSpan> Watchers { get; } = [];

    public ProbeAnswer.Probed? Last { get; set; }

    public TimeSpan LastAt { get; set; }

    /// <summary>The shortest interval of any watcher.</summary>
    public TimeSpan Interval => Watchers.Values.Min();

    /// <summary>The share of a slot that the target uses if it never answers, at most 1.</summary>
    public double Need => Watchers.Count == 0 ? 0 : Math.Min(1, target.Spec.Timeout / Interval);

    /// <summary>Whether it is not known to answer: the last probe took more than half of its timeout or timed out, or there was none.</summary>
    public bool IsSlow => Last is null || Last.Result.Latency > target.Spec.Timeout / 2;
}
