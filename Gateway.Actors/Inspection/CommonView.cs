using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Inspection;

/// <summary>
/// The combined view of a cluster's gateways on one endpoint, derived only from what each reports, so that every replica gives the
/// same answer once settled. Each gateway's decision is that of <see cref="CommonDecision"/>.
/// </summary>
/// <param name="State">Their decision; if they differ, with the count of each: <c>available 2, ejected 1</c>.</param>
/// <param name="Verdict">Their probes' verdict, likewise.</param>
/// <param name="Breaker">Their breakers, likewise.</param>
/// <param name="Reason">The gateways with bad evidence, and their reasons.</param>
public sealed record CommonView(string State, string Verdict, string Breaker, string Reason)
{
    public static CommonView Of(EndpointReport endpoint)
    {
        var heard = endpoint.Opinions.Where(o => o.Fresh).ToList();
        var verdicts = Tally(heard.Select(o => o.Verdict).Where(v => v != Core.Health.Verdict.Unknown), VerdictNames.Name, Core.Health.Verdict.Unknown);
        var breakers = Tally(heard.Select(o => o.Breaker), BreakerPhaseNames.Name, BreakerPhase.Closed);
        return endpoint.State is EndpointState.Removed or EndpointState.Draining
            ? new(endpoint.State.Name(), verdicts, breakers, endpoint.Reason)
            : new(Tally(heard.Select(o => StateOf(o, heard)), EndpointStateNames.Name, EndpointState.Available), verdicts, breakers, Against(heard));
    }

    /// <summary>Returns the state of a gateway with this evidence, given that of all.</summary>
    private static EndpointState StateOf(OpinionReport self, List<OpinionReport> all)
    {
        var others = all.Where(o => o != self).Select(o => (new Observation(o.Verdict, o.Breaker), o.Zone == self.Zone)).ToList();
        return CommonDecision.Of(new(self.Verdict, self.Breaker), others) switch
        {
            DecisionKind.Ejected => EndpointState.Ejected,
            DecisionKind.TrialsOnly => EndpointState.Trial,
            _ => EndpointState.Available,
        };
    }

    private static string Against(IEnumerable<OpinionReport> heard) => string.Join("; ", heard
        .Where(o => o.Opinion == Opinion.Bad)
        .GroupBy(o => o.Why)
        .Select(same => $"{string.Join(", ", same.Select(o => o.Replica))}: {same.Key}"));

    /// <summary>Formats one word if all agree, otherwise each with its count.</summary>
    private static string Tally<T>(IEnumerable<T> values, Func<T, string> name, T none)
        where T : struct, Enum
    {
        var counts = values.GroupBy(v => v).OrderBy(same => same.Key).ToList();
        return counts switch
        {
            [] => name(none),
            [var only] => name(only.Key),
            _ => string.Join(", ", counts.Select(same => $"{name(same.Key)} {same.Count()}")),
        };
    }
}
