namespace Gateway.Core.Membership;

/// <summary>A replica, as seen by this one.</summary>
/// <param name="Zone">Its failure domain; null for none, which counts as a zone of its own.</param>
/// <param name="Sidecar">
/// Whether it serves a single application: it publishes no evidence, owns no probes and is not counted.
/// </param>
/// <param name="Reachable">Whether this replica's cluster can reach it.</param>
/// <param name="Name">Its gateway id, or its address until the id is known.</param>
public sealed record Replica(ReplicaId Id, string? Zone, bool Sidecar, ReplicaStatus Status, bool Reachable, string Name)
{
    /// <summary>The version of the gateway it runs; empty if not known.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether it is an active gateway: it owns probes and counts in majorities and shares.</summary>
    public bool IsGateway => !Sidecar && Status is (ReplicaStatus.Up or ReplicaStatus.WeaklyUp);
}
