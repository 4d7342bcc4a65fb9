using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Options;

/// <summary>The timings of the cluster. The defaults are those of the documentation; tests take shorter ones.</summary>
public sealed record ClusterTimes
{
    public static ClusterTimes Default { get; } = new();

    /// <summary>Between two questions to a seed by a replica that is in no cluster. Default 250 ms: a replica that starts waits for the answer.</summary>
    public TimeSpan AskAlone { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two questions to members that have not said their name yet. Default 1 s.</summary>
    public TimeSpan AskName { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two questions to a seed that is no member, by one that is. Default 5 s.</summary>
    public TimeSpan AskAsMember { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before an attempt to join that came to nothing is made again, or a system that did not start is made again. Default 5 s.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(5);

    public SeekTimes Seek { get; init; } = SeekTimes.Default;

    /// <summary>Between two heartbeats to a member. Default 1 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long heartbeats may stay away before a member counts as unreachable, beyond what is usual for it. Default 3 s.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two rounds of gossip. Default 1 s.</summary>
    public TimeSpan Gossip { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two decisions of the leader, without which nobody becomes a member. Default 250 ms: a replica that joins waits for them, and they send nothing.</summary>
    public TimeSpan LeaderActions { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long membership must be without change before the smaller side of a partition is downed. Default 20 s; for N replicas at least
    /// 10 s times the decimal logarithm of N (100 replicas: 20 s).
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(20);
}
