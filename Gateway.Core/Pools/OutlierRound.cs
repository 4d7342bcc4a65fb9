using System.Collections.Immutable;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Outliers;

namespace Gateway.Core.Pools;

/// <summary>
/// The judgement of a pool's outliers, one interval after another: from the counts that requests leave in the endpoints' cells, and within the pool's cap. Pure;
/// the router notifies the endpoints' actors.
/// </summary>
/// <param name="Counts">Each endpoint's counts at the last judgement.</param>
/// <param name="LostBefore">The total pause of this process at the last judgement.</param>
public sealed record OutlierRound(ImmutableDictionary<Endpoint, OutlierRound.Count> Counts, TimeSpan LostBefore)
{
    /// <summary>The pause of this process after which answers say more about it than about the endpoints.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    /// <summary>Begins the first interval.</summary>
    /// <param name="lost">The total pause of this process.</param>
    public static OutlierRound Begin(ImmutableArray<PoolMember> members, TimeSpan lost) =>
        new(members.ToImmutableDictionary(member => member.Endpoint, CountOf), lost);

    /// <summary>Judges the interval since the last judgement, and begins the next.</summary>
    /// <param name="lost">The total pause of this process.</param>
    /// <returns>The outliers first, the worst of them first, then the endpoints whose record improves.</returns>
    public (OutlierRound Next, ImmutableArray<OutlierJudgement> Judgements) Judge(ImmutableArray<PoolMember> members, OutlierPolicy policy, TimeSpan lost)
    {
        var next = Begin(members, lost);
        if (lost - LostBefore >= LongPause)
        {
            return (next, []);
        }

        var findings = OutlierDetector.Judge([.. members.Select(member => SampleOf(member.Endpoint, next))], policy);
        var claims = members.Select(member => member.ClaimOf(member.Endpoint.Status)).ToList();
        var judgements = ImmutableArray.CreateBuilder<OutlierJudgement>();
        foreach (var finding in findings)
        {
            var (endpoint, claim) = (members[finding.Index].Endpoint, claims[finding.Index]);
            claims[finding.Index] = new(Standing.Out, IsHearsay: false, Now: Standing.In, IsOutlier: true);
            var ejected = EjectionCap.Apply(claims, policy.MaxEjectionPercent)[finding.Index] == Standing.Out;
            claims[finding.Index] = ejected ? claims[finding.Index] with { Now = Standing.Out } : claim;
            judgements.Add(new(endpoint.Id, finding.Text, ejected));
            if (ejected)
            {
                // The interval in which it returns is not whole.
                next = next with { Counts = next.Counts.SetItem(endpoint, next.Counts[endpoint] with { IsIn = false }) };
            }
        }

        for (var i = 0; i < members.Length; i++)
        {
            var endpoint = members[i].Endpoint;
            if (IsWhole(endpoint, next) && endpoint.Status.Outlier is { IsOut: false, Times: > 0 } && !findings.Any(finding => finding.Index == i))
            {
                judgements.Add(new(endpoint.Id, null, IsEjected: false));
            }
        }

        return (next, judgements.ToImmutable());
    }

    private static Count CountOf(PoolMember member) => new(
        new(member.Cell.Successes, member.Cell.Failures),
        member is { Draining: false, Endpoint.Status.Decision.Kind: DecisionKind.Available or DecisionKind.Suspect });

    /// <summary>Returns the results of an endpoint's requests in the interval; null for one that is ejected or new.</summary>
    private OutlierSample? SampleOf(Endpoint endpoint, OutlierRound next) => next.Counts[endpoint] is { IsIn: true, Total: var total } && Counts.TryGetValue(endpoint, out var before)
        ? new(total.Successes - before.Total.Successes, total.Failures - before.Total.Failures)
        : null;

    /// <summary>Whether it was in rotation at both ends of the interval: one that has just returned has not shown yet that it has improved.</summary>
    private bool IsWhole(Endpoint endpoint, OutlierRound next) => next.Counts[endpoint].IsIn && Counts.TryGetValue(endpoint, out var before) && before.IsIn;

    /// <param name="Total">All results of its requests so far.</param>
    /// <param name="IsIn">Whether it was in rotation.</param>
    public readonly record struct Count(OutlierSample Total, bool IsIn);
}
