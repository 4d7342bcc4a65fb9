using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Inspection;

/// <summary>
/// What the gateways of a cluster together make of one endpoint, worked out of what each says of it and nothing else, so that every replica gives the
/// same once all is told. Each gateway's decision is the table's. Whether one has dismissed another's report, and what a pool's cap does, only it
/// knows; neither takes an endpoint out.
/// </summary>
/// <param name="State">What they do with it; where they differ how many do what: <c>available 2, ejected 1</c>.</param>
/// <param name="Verdict">What their probes say, likewise.</param>
/// <param name="Breaker">Their breakers, likewise.</param>
/// <param name="Reason">Who has what against it.</param>
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

    /// <summary>What a gateway does that says this, by what all say.</summary>
    private static EndpointState StateOf(OpinionReport self, List<OpinionReport> all)
    {
        var others = all.Where(o => o != self).ToList();
        var (kind, _) = DecisionTable.Decide(new(
            self.Breaker,
            new Sight(self.Verdict, BreakerPhase.Closed).ProbeOpinion,
            others.Count(o => o.Zone == self.Zone && o.Opinion == Opinion.Bad),
            others.Count(o => o.Zone == self.Zone && o.Opinion == Opinion.Good),
            others.Any(o => o.Opinion == Opinion.Bad),
            DecisionKind.Available));
        return kind switch
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

    /// <summary>One word where all say the same, else each with its count.</summary>
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
