namespace Gateway.Actors.Cluster;

/// <summary>An operator's command to <see cref="ClusterActor"/>. Answered by <see cref="ClusterAnswer"/>.</summary>
public interface IClusterCommand;

/// <summary>Command: join another replica's cluster; only while this replica is in none.</summary>
/// <param name="Address">That replica's cluster address, <c>host:port</c>.</param>
public sealed record JoinCluster(string Address) : IClusterCommand;

/// <summary>Command: down a replica; if it is alive it rejoins as another incarnation.</summary>
public sealed record DownReplica(string Address) : IClusterCommand;

/// <summary>Command: down all unreachable replicas.</summary>
public sealed record DownUnreachable : IClusterCommand;

/// <summary>The result of an operator's command.</summary>
public abstract record ClusterAnswer
{
    private ClusterAnswer()
    {
    }

    /// <param name="Replicas">The addresses affected.</param>
    public sealed record Begun(IReadOnlyList<string> Replicas) : ClusterAnswer;

    /// <param name="Why">The reason, on one line.</param>
    public sealed record Refused(string Why) : ClusterAnswer;
}
