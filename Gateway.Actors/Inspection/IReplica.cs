using System.Collections.Immutable;
using Gateway.Core.Pools;

namespace Gateway.Actors.Inspection;

/// <summary>Access to the process around the actors. Every member returns at once, from existing state.</summary>
public interface IReplica
{
    string GatewayId { get; }

    string? Zone { get; }

    string Version { get; }

    /// <summary>The event source of its loops: io_uring, epoll, or transport.</summary>
    string EventLoop { get; }

    DateTimeOffset StartedAt { get; }

    ReplicaPhase Phase { get; }

    /// <summary>The pools by name; empty before they are configured.</summary>
    IReadOnlyList<Pool> Pools { get; }

    /// <summary>The routes in force, in the order of the settings.</summary>
    ImmutableArray<RouteReport> Routes { get; }

    /// <summary>The certificates served to clients, in the order of the settings; empty without TLS.</summary>
    ImmutableArray<CertificateReport> Certificates { get; }

    /// <summary>Explains how a request would be handled, without sending it.</summary>
    /// <param name="url">An http or https URL, or a path with or without a query.</param>
    /// <param name="fields">Header fields: <c>name: value</c>.</param>
    /// <param name="client">The client's address.</param>
    RouteExplanation Explain(string method, string url, ImmutableArray<string> fields, string client);

    /// <summary>The settings in force as a configuration file. Contains no secrets: the token is in a file of its own.</summary>
    string Configuration { get; }

    /// <summary>Its measured traffic.</summary>
    IReplicaTraffic Traffic { get; }
}

/// <summary>The phase of a replica's life.</summary>
public enum ReplicaPhase
{
    /// <summary>Not ready: endpoints are waiting for their first probe.</summary>
    Starting,
    Ready,

    /// <summary>Shutting down: still serving, but not ready for new traffic.</summary>
    Draining,
}
