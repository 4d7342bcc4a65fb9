namespace Gateway.Actors.Cluster;

/// <summary>Something that an operator has <see cref="ClusterActor"/> do. Answered by <see cref="ClusterAnswer"/>.</summary>
public interface IClusterCommand;

/// <summary>Command: join the cluster that this replica is in; only while this one is in none.</summary>
/// <param name="Address">Its cluster address, <c>host:port</c>.</param>
public sealed record JoinCluster(string Address) : IClusterCommand;

/// <summary>Command: give this replica up; it will join again as another life if it lives.</summary>
public sealed record DownReplica(string Address) : IClusterCommand;

/// <summary>Command: give up all that cannot be reached.</summary>
public sealed record DownUnreachable : IClusterCommand;

/// <summary>What came of an operator's command.</summary>
public abstract record ClusterAnswer
{
    private ClusterAnswer()
    {
    }

    /// <param name="Replicas">The addresses that it was done to.</param>
    public sealed record Begun(IReadOnlyList<string> Replicas) : ClusterAnswer;

    /// <param name="Why">One line for people.</param>
    public sealed record Refused(string Why) : ClusterAnswer;
}
