using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>Who this replica is to the others, and how it finds them.</summary>
public sealed record ClusterOptions
{
    /// <summary>Its name, by which people know it.</summary>
    public required string GatewayId { get; init; }

    /// <summary>Its failure domain; null: none.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether it only receives evidence, and counts in nothing.</summary>
    public bool Sidecar { get; init; }

    /// <summary>By which the others reach it; null: it is a cluster of one and opens no port. Port 0: any free one.</summary>
    public (string Host, int Port)? Address { get; init; }

    /// <summary>Replicas to join through.</summary>
    public ImmutableArray<(string Host, int Port)> Seeds { get; init; } = [];

    /// <summary>This replica while it is in no cluster.</summary>
    public Replica Alone => new(new(GatewayId, 0), Zone, Sidecar, ReplicaStatus.Up, Reachable: true, GatewayId);
}
