namespace Gateway.Core.Evidence;

/// <summary>
/// Derives a gateway's decision on an endpoint from the gateways' reports, for a view of all of them. Dismissed reports, the last decision and the
/// effect of a pool's cap are known only to the gateway itself; none of them ejects an endpoint.
/// </summary>
public static class CommonDecision
{
    /// <param name="own">The gateway's own report.</param>
    /// <param name="others">The reports of the others, and whether they are in its zone.</param>
    public static DecisionKind Of(Observation own, IReadOnlyCollection<(Observation Observation, bool InZone)> others) => DecisionTable.Decide(new(
        own.Breaker,
        own.ProbeOpinion,
        ZoneBad: others.Count(other => other.InZone && other.Observation.Opinion == Opinion.Bad),
        ZoneGood: others.Count(other => other.InZone && other.Observation.Opinion == Opinion.Good),
        Reported: others.Any(other => other.Observation.Opinion == Opinion.Bad),
        Last: DecisionKind.Available)).Kind;
}
