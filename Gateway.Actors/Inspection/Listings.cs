using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>The body of <c>GET /endpoints</c>.</summary>
/// <param name="Time">The time of reading, by the replica's clock.</param>
public sealed record EndpointListing(string GatewayId, DateTimeOffset Time, ImmutableArray<EndpointReport> Endpoints);

/// <summary>The body of <c>GET /pools</c>.</summary>
/// <param name="Time">The time of reading, by the replica's clock.</param>
public sealed record PoolListing(string GatewayId, DateTimeOffset Time, ImmutableArray<PoolReport> Pools);

/// <summary>The body of <c>GET /certificates</c>.</summary>
/// <param name="Time">The time of reading, by the replica's clock.</param>
public sealed record CertificateListing(string GatewayId, DateTimeOffset Time, ImmutableArray<CertificateReport> Certificates);
