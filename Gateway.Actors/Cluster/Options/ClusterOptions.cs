using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Options;

/// <summary>Who this replica is to the others, and how it finds them.</summary>
public sealed record ClusterOptions
{
    /// <summary>Its name, by which people know it.</summary>
    public required string GatewayId { get; init; }

    /// <summary>The version that it runs; the others see it among its membership.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>Its failure domain; null: none.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether it only receives evidence, and counts in nothing.</summary>
    public bool Sidecar { get; init; }

    /// <summary>By which the others reach it; null: it is a cluster of one and opens no port. Port 0: any free one.</summary>
    public (string Host, int Port)? Address { get; init; }

    /// <summary>Cluster addresses (<c>host:port</c>) of replicas to join through, in the same order and the same spelling on all replicas.</summary>
    public ImmutableArray<string> Seeds { get; init; } = [];

    /// <summary>Files for mutual TLS between replicas; null: plain TCP.</summary>
    public ClusterTlsFiles? Tls { get; init; }

    public ClusterTimes Times { get; init; } = ClusterTimes.Default;

    /// <summary>Is given every cluster system that is made, before it joins, for what else is to live in it. Null: nothing.</summary>
    public Action<ActorSystem>? Resident { get; init; }

    /// <summary>More of Akka's settings for the cluster system, above all others.</summary>
    public string ExtraHocon { get; init; } = "";

    /// <summary>This replica while it is in no cluster: its name stands for the address, and its uid is 0.</summary>
    public Replica Alone => new(new(GatewayId, 0), Zone, Sidecar, ReplicaStatus.Up, Reachable: true, GatewayId) { Version = Version };
}
