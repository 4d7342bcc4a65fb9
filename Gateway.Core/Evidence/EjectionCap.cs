namespace Gateway.Core.Evidence;

/// <summary>
/// Limits how much of a pool reports and comparisons can eject. Ejections on reports and holds together: at most half of the pool. Outliers: only while no more
/// than a share of the pool is out for any reason, but always one if no other endpoint is out. Neither ever takes the last endpoint that can be picked; one whose
/// breaker admits only trials does not count as such. Beyond the cap an endpoint stays in rotation; if others report it, it is suspect, so its first failure
/// ejects it on own evidence. Examples: reports eject none of one endpoint, one of two or three, two of four, none of two if the other is half-open. Outliers at
/// 30 %: one of three, three of ten, or one of ten if two have failed.
/// </summary>
public static class EjectionCap
{
    public const int MaxPercent = 50;

    /// <summary>Returns the members' standings, in their order. Endpoints already out keep that first, then ejections precede holds.</summary>
    /// <param name="outlierPercent">The share of the pool above which no outlier is ejected while others are out.</param>
    public static IReadOnlyList<Standing> Apply(IReadOnlyList<Claim> claims, int outlierPercent = MaxPercent)
    {
        var standings = claims.Select(claim => claim.IsHearsay || claim.IsOutlier ? Standing.In : claim.Wanted).ToArray();
        var hearsay = Enumerable.Range(0, claims.Count)
            .Where(i => claims[i].IsHearsay)
            .OrderByDescending(i => claims[i].Wanted)
            .ThenByDescending(i => claims[i].Now == claims[i].Wanted)
            .ToList();
        var others = Enumerable.Range(0, claims.Count).Count(i => IsSound(claims[i]));
        var room = Math.Min(claims.Count * MaxPercent / 100, others > 0 ? hearsay.Count : hearsay.Count - 1);
        foreach (var i in hearsay.Take(Math.Max(0, room)))
        {
            standings[i] = claims[i].Wanted;
        }

        TakeOutliers(claims, standings, outlierPercent);
        return standings;
    }

    private static void TakeOutliers(IReadOnlyList<Claim> claims, Standing[] standings, int percent)
    {
        var outliers = Enumerable.Range(0, claims.Count).Where(i => claims[i].IsOutlier).OrderByDescending(i => claims[i].Now == Standing.Out).ToList();
        var left = Enumerable.Range(0, claims.Count).Count(i => !claims[i].IsOutlier && standings[i] == Standing.In && !claims[i].Restricted);
        var gone = standings.Count(standing => standing == Standing.Out);
        var room = Math.Max((claims.Count * percent / 100) - gone, gone == 0 ? 1 : 0);
        foreach (var i in outliers.Take(Math.Min(room, left > 0 ? outliers.Count : outliers.Count - 1)))
        {
            standings[i] = Standing.Out;
        }
    }

    /// <summary>Whether it stays in rotation whatever the cap does.</summary>
    private static bool IsSound(Claim claim) => claim is { IsHearsay: false, IsOutlier: false, Wanted: Standing.In, Restricted: false };
}

/// <summary>The claim that the decision on one endpoint makes on its pool.</summary>
/// <param name="Wanted">The standing it gets if the pool can bear it.</param>
/// <param name="IsHearsay">Whether it rests only on other replicas' reports, so that the cap applies.</param>
/// <param name="Now">The current standing.</param>
/// <param name="Restricted">Whether it gets only an occasional request, because its breaker is half-open.</param>
/// <param name="IsOutlier">Whether it rests on a comparison with the pool's others, so that the outlier share applies.</param>
public readonly record struct Claim(Standing Wanted, bool IsHearsay, Standing Now, bool Restricted = false, bool IsOutlier = false);

/// <summary>The standing of an endpoint in its pool, after the cap.</summary>
public enum Standing
{
    /// <summary>In rotation.</summary>
    In,

    /// <summary>Picked only if nothing else is.</summary>
    Held,

    Out,
}
