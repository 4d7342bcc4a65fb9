using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>One replica in short: the body of <c>GET /status</c>.</summary>
/// <param name="EventLoop">What the replica's event loops wait on: <c>io_uring</c>, <c>epoll</c>, or <c>transport</c> for what Kestrel's transport brings.</param>
/// <param name="Time">When this was read, by the replica's clock.</param>
/// <param name="ActiveRequests">Requests being proxied now.</param>
/// <param name="Requests">All requests that this replica answered.</param>
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
