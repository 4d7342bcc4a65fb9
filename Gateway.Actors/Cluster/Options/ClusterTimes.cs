using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Options;

/// <summary>The timings of the cluster. The defaults are documented; tests use shorter ones.</summary>
public sealed record ClusterTimes
{
    public static ClusterTimes Default { get; } = new();

    /// <summary>The interval of questions to a seed by a replica without a cluster. Default 250 ms: a starting replica waits for the answer.</summary>
    public TimeSpan AskAlone { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The interval of questions to members whose name is unknown. Default 1 s.</summary>
    public TimeSpan AskName { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval of a member's questions to a seed that is not a member. Default 5 s.</summary>
    public TimeSpan AskAsMember { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The delay before a failed join, or a failed start of the system, is retried. Default 5 s.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(5);

    public SeekTimes Seek { get; init; } = SeekTimes.Default;

    /// <summary>The interval of heartbeats to a member. Default 1 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The time heartbeats may be missing, beyond what is usual, before a member is unreachable. Default 3 s.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The interval of gossip rounds. Default 1 s.</summary>
    public TimeSpan Gossip { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval of the leader's decisions, which admit members. Default 250 ms: a joining replica waits for them, and they send nothing.</summary>
    public TimeSpan LeaderActions { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long membership must be stable before the smaller side of a partition is downed. Default 20 s; for N replicas at least
    /// 10 s times the decimal logarithm of N (100 replicas: 20 s).
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(20);
}
