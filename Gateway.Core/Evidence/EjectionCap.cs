namespace Gateway.Core.Evidence;

/// <summary>
/// How much of a pool the word of others can take: ejections on hearsay and holds together at most half of it, and never the last endpoint that
/// could be picked; one whose breaker lets only trials through is none. Beyond that an endpoint stays in; as it is suspect, its first failure takes it out
/// by this replica's own evidence. Worked numbers: of one endpoint none, of two or three one, of four two; of two of which the other is half-open, none.
/// </summary>
public static class EjectionCap
{
    public const int MaxPercent = 50;

    /// <summary>What the members are let be, in their order. Who is out already stays so first, then ejections go before holds.</summary>
    public static IReadOnlyList<Standing> Apply(IReadOnlyList<Claim> claims)
    {
        var standings = claims.Select(claim => claim.IsHearsay ? Standing.In : claim.Wanted).ToArray();
        var hearsay = Enumerable.Range(0, claims.Count)
            .Where(i => claims[i].IsHearsay)
            .OrderByDescending(i => claims[i].Wanted)
            .ThenByDescending(i => claims[i].Now == claims[i].Wanted)
            .ToList();
        var others = Enumerable.Range(0, claims.Count).Count(i => !claims[i].IsHearsay && claims[i] is { Wanted: Standing.In, Restricted: false });
        var room = Math.Min(claims.Count * MaxPercent / 100, others > 0 ? hearsay.Count : hearsay.Count - 1);
        foreach (var i in hearsay.Take(Math.Max(0, room)))
        {
            standings[i] = claims[i].Wanted;
        }

        return standings;
    }
}
