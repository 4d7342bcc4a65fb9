using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Analytics;
using Gateway.Core.Cells;
using Gateway.Core.Pools;
using Gateway.Core.Traffic;

namespace Gateway.Actors.Inspection;

/// <summary>What can be asked of the process around the actors. Every member answers at once, out of what is there.</summary>
public interface IReplica
{
    string GatewayId { get; }

    string? Zone { get; }

    string Version { get; }

    /// <summary>What its event loops wait on: io_uring, epoll, or transport.</summary>
    string EventLoop { get; }

    DateTimeOffset StartedAt { get; }

    ReplicaPhase Phase { get; }

    /// <summary>By name; empty before they are configured.</summary>
    IReadOnlyList<Pool> Pools { get; }

    /// <summary>The routes in force, in the order of the settings.</summary>
    ImmutableArray<RouteReport> Routes { get; }

    /// <summary>The certificates that clients are served with, in the order of the settings; empty without TLS.</summary>
    ImmutableArray<CertificateReport> Certificates { get; }

    /// <summary>What would become of a request. It is not sent.</summary>
    /// <param name="url">An http or https URL, or a path with or without a query.</param>
    /// <param name="fields">Header fields: <c>name: value</c>.</param>
    /// <param name="client">The address that it comes from.</param>
    RouteExplanation Explain(string method, string url, ImmutableArray<string> fields, string client);

    /// <summary>The settings in force as a file that would make them. Holds no secrets: the token stands in a file of its own.</summary>
    string Configuration { get; }

    /// <summary>Requests being proxied.</summary>
    int ActiveRequests { get; }

    /// <summary>All requests answered by this replica.</summary>
    TrafficRates Requests { get; }

    /// <summary>Attempts sent to one endpoint.</summary>
    TrafficRates AttemptsAt(EndpointId endpoint);

    /// <summary>What this replica counted in the last minutes, by route, pool and endpoint.</summary>
    ImmutableArray<SeriesReading> Analytics(AnalyticsQuery query);

    /// <summary>Open connections to an endpoint, and how many were ever made.</summary>
    (int Open, long Created) ConnectionsTo(EndpointCell cell);
}

/// <summary>Where a replica is in its life.</summary>
public enum ReplicaPhase
{
    /// <summary>Not ready yet: endpoints wait for their first probe.</summary>
    Starting,
    Ready,

    /// <summary>About to end: it still serves, but asks to be sent nothing new.</summary>
    Draining,
}
