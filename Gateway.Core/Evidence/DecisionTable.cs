using Gateway.Core.Breaking;

namespace Gateway.Core.Evidence;

/// <summary>
/// Decides on an endpoint. Own evidence acts; without own probes, the zone's majority does; any other replica's report makes it suspect.
/// The first row that matches decides ("I", "my": this replica):
/// <code>
///  #  my breaker  own      my zone            reported  decision                          reason
///  1  any         Bad      any                any       Ejected                           OwnProbe
///  2  Open        not Bad  any                any       Ejected                           OwnBreaker
///  3  HalfOpen    not Bad  any                any       TrialsOnly                        Trial
///  4  Closed      Good     any                no        Available                         Own
///  5  Closed      Good     any                yes       Suspect                           Reported
///  6  Closed      None     bad >= 2, > good   any       Ejected                           Zone
///  7  Closed      None     else any opinion   no        Available                         Zone
///  8  Closed      None     else any opinion   yes       Suspect                           Reported
///  9  Closed      None     none               yes       Suspect, and I probe it           Unverified
/// 10  Closed      None     none               no        as last time, and I probe it      Unknown
/// </code>
/// If none of rows 1, 2, 3 and 6 decides, an endpoint that failed more than the pool's others is Ejected (Outlier) for a while, within the outlier cap: the cap of row 6 is larger.
/// An endpoint that comes to Available but leaves all of this replica's requests waiting is Suspect (Stalled), without any report.
/// </summary>
public static class DecisionTable
{
    /// <summary>Replicas of a zone that must agree to eject: a single replica cannot.</summary>
    public const int Majority = 2;

    public static (DecisionKind Kind, DecisionReason Reason) Decide(in Facts facts) =>
        Row(facts) is (DecisionKind.Available, _) && facts.Stalled ? (DecisionKind.Suspect, DecisionReason.Stalled) : Row(facts);

    private static (DecisionKind Kind, DecisionReason Reason) Row(in Facts facts) => facts switch
    {
        { Own: Opinion.Bad } => (DecisionKind.Ejected, DecisionReason.OwnProbe),
        { Breaker: BreakerPhase.Open } => (DecisionKind.Ejected, DecisionReason.OwnBreaker),
        { Breaker: BreakerPhase.HalfOpen } => (DecisionKind.TrialsOnly, DecisionReason.Trial),
        { Own: Opinion.None, ZoneBad: >= Majority } when facts.ZoneBad > facts.ZoneGood => (DecisionKind.Ejected, DecisionReason.Zone),
        { Outlier: true } => (DecisionKind.Ejected, DecisionReason.Outlier),
        { Own: Opinion.Good, Reported: false } => (DecisionKind.Available, DecisionReason.Own),
        { Own: Opinion.Good } => (DecisionKind.Suspect, DecisionReason.Reported),
        { Reported: false } when facts.ZoneBad + facts.ZoneGood >= 1 => (DecisionKind.Available, DecisionReason.Zone),
        { Reported: true } when facts.ZoneBad + facts.ZoneGood >= 1 => (DecisionKind.Suspect, DecisionReason.Reported),
        { Reported: true } => (DecisionKind.Suspect, DecisionReason.Unverified),
        _ => (facts.Last, DecisionReason.Unknown),
    };
}

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
