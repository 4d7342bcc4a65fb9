namespace Gateway.Core.Evidence;

/// <summary>
/// How much of a pool the word of others and comparisons can take. Ejections on hearsay and holds together: at most half of it. Then outliers: as long as no more
/// than a share of the pool is out for whatever reason, but one if nobody else is. Neither ever takes the last endpoint that could be picked; one whose breaker
/// lets only trials through is none. Beyond that an endpoint stays in; one that others speak against is suspect, so its first failure takes it out by this
/// replica's own evidence. Worked numbers: hearsay takes of one endpoint none, of two or three one, of four two, of two of which the other is half-open none.
/// Outliers at 30 %: of three one, of ten three, or one when two have failed.
/// </summary>
public static class EjectionCap
{
    public const int MaxPercent = 50;

    /// <summary>What the members are let be, in their order. Who is out already stays so first, then ejections go before holds.</summary>
    /// <param name="outlierPercent">The share of the pool beyond which no outlier is out, while others are.</param>
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

    /// <summary>Whether it takes part whatever the cap does.</summary>
    private static bool IsSound(Claim claim) => claim is { IsHearsay: false, IsOutlier: false, Wanted: Standing.In, Restricted: false };
}
