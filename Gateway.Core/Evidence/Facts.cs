using Gateway.Core.Breaking;

namespace Gateway.Core.Evidence;

/// <summary>What the decision on an endpoint depends on, and nothing else.</summary>
/// <param name="Breaker">My breaker.</param>
/// <param name="Own">What my own probes say.</param>
/// <param name="ZoneBad">How many others in my zone say Bad.</param>
/// <param name="ZoneGood">How many others in my zone say Good.</param>
/// <param name="Reported">Whether anyone else, in any zone, says Bad in a report that I have not dismissed.</param>
/// <param name="Last">What was decided last, breakers aside.</param>
/// <param name="Stalled">Whether it leaves everything that I send it waiting.</param>
/// <param name="Outlier">Whether it failed so much more than the pool's others that I have it out for a while.</param>
public readonly record struct Facts(
    BreakerPhase Breaker, Opinion Own, int ZoneBad, int ZoneGood, bool Reported, DecisionKind Last, bool Stalled = false, bool Outlier = false);
