using Gateway.Core.Addressing;

namespace Gateway.Core.Pools;

/// <summary>The judgement on one endpoint of a pool, of one interval.</summary>
/// <param name="Why">The reason why it is an outlier; null if it is not one, so that its record improves.</param>
/// <param name="IsEjected">Whether the pool's cap allows to eject it.</param>
public sealed record OutlierJudgement(EndpointId Endpoint, string? Why, bool IsEjected);
