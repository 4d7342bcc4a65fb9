using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>A summary of one replica: the body of <c>GET /status</c>.</summary>
/// <param name="EventLoop">The event source of its loops: <c>io_uring</c>, <c>epoll</c>, or <c>transport</c> for Kestrel's transport.</param>
/// <param name="Time">The time of reading, by the replica's clock.</param>
/// <param name="ActiveRequests">Requests being proxied now.</param>
/// <param name="Requests">The traffic of all requests answered by this replica.</param>
public sealed record StatusReport(
    string GatewayId,
    string? Zone,
    string Version,
    string EventLoop,
    ReplicaPhase Phase,
    DateTimeOffset Time,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    int ActiveRequests,
    TrafficReport Requests,
    ImmutableArray<PoolReport> Pools);
