namespace Gateway.Core.Membership;

/// <summary>A replica as this one sees it.</summary>
/// <param name="Zone">Its failure domain; null: none, which is a zone of its own.</param>
/// <param name="Sidecar">Serves one application: it publishes no evidence, owns no probes and counts in nothing.</param>
/// <param name="Reachable">Whether this replica's cluster hears from it.</param>
/// <param name="Name">Its gateway id; its address until it has said so.</param>
public sealed record Replica(ReplicaId Id, string? Zone, bool Sidecar, ReplicaStatus Status, bool Reachable, string Name)
{
    /// <summary>The version of the gateway that it runs; empty: not known.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether it is a gateway that takes part: owns probes, counts in majorities and shares.</summary>
    public bool IsGateway => !Sidecar && Status is (ReplicaStatus.Up or ReplicaStatus.WeaklyUp);
}
