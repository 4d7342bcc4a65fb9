using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Options;

/// <summary>The identity of this replica in the cluster, and how it finds the others.</summary>
public sealed record ClusterOptions
{
    /// <summary>Its name, for display.</summary>
    public required string GatewayId { get; init; }

    /// <summary>Its version; the others see it in its membership.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>Its failure domain; null if none.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether it only receives evidence, and is not counted.</summary>
    public bool Sidecar { get; init; }

    /// <summary>The address the others use; null for a cluster of one without a port. Port 0 for any free one.</summary>
    public HostPort? Address { get; init; }

    /// <summary>Cluster addresses of replicas to join through, in the same order and spelling on all replicas.</summary>
    public ImmutableArray<HostPort> Seeds { get; init; } = [];

    /// <summary>The files for mutual TLS between replicas; null for plain TCP.</summary>
    public ClusterTlsFiles? Tls { get; init; }

    public ClusterTimes Times { get; init; } = ClusterTimes.Default;

    /// <summary>Called with every new cluster system before it joins, to add further actors. Null for none.</summary>
    public Action<ActorSystem>? Resident { get; init; }

    /// <summary>Additional Akka settings for the cluster system, which override all others.</summary>
    public string ExtraHocon { get; init; } = "";

    /// <summary>This replica outside any cluster: its name stands in for the address, and its uid is 0.</summary>
    public Replica Alone => new(new(GatewayId, 0), Zone, Sidecar, ReplicaStatus.Up, Reachable: true, GatewayId) { Version = Version };
}
