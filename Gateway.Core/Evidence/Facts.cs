using Gateway.Core.Breaking;

namespace Gateway.Core.Evidence;

/// <summary>All inputs of the decision on an endpoint.</summary>
/// <param name="Breaker">This replica's breaker.</param>
/// <param name="Own">The opinion of this replica's probes.</param>
/// <param name="ZoneBad">The number of other replicas in the zone that say Bad.</param>
/// <param name="ZoneGood">The number of other replicas in the zone that say Good.</param>
/// <param name="Reported">Whether another replica, in any zone, says Bad in a report not dismissed here.</param>
/// <param name="Last">The last decision, breakers aside.</param>
/// <param name="Stalled">Whether all of this replica's attempts are left waiting.</param>
/// <param name="Outlier">Whether it is ejected for a while for failing much more than the pool's others.</param>
public readonly record struct Facts(
    BreakerPhase Breaker, Opinion Own, int ZoneBad, int ZoneGood, bool Reported, DecisionKind Last, bool Stalled = false, bool Outlier = false);
