namespace Gateway.Core.Health;

/// <summary>
/// How many probes may be in flight at once, in lanes that cannot take each other's place:
/// <code>
/// regular    by default 2 x the sum over all endpoints of timeout / interval, at least 64, at most 4,096
///   of which endpoints that did not answer last time, or were never asked, take at most half, and a quarter is theirs
/// verifying  a quarter as many more, at least 16
/// </code>
/// An endpoint that never answers holds a slot for the timeout of each interval, so timeout / interval of a slot is all that it can take; twice
/// that leaves the other half to those that answer. Worked number: 100 endpoints, 5 s timeout, 5 s interval: 200 slots, 100 for silent ones.
/// </summary>
/// <param name="Regular">Probes that are due.</param>
/// <param name="Verifying">Probes that look into a report: a trip elsewhere must not wait for silent endpoints here.</param>
public readonly record struct ProbeSlots(int Regular, int Verifying)
{
    /// <summary>No fewer by default.</summary>
    public const int Least = 64;

    /// <summary>No more by default: each is a socket.</summary>
    public const int Most = 4096;

    private const int Margin = 2;

    /// <summary>How many slots endpoints may hold that did not answer last time, or were never asked.</summary>
    public int ForSlow => Math.Max(1, Regular / 2);

    /// <summary>Below so many held, those endpoints go first: one that has recovered is found out.</summary>
    public int OwnOfSlow => Math.Max(1, Regular / 4);

    /// <param name="need">The sum over all endpoints of timeout / interval: the slots that they hold if none of them answers.</param>
    /// <param name="limit">What the settings allow; null: as many as are needed.</param>
    public static ProbeSlots For(double need, int? limit)
    {
        var regular = limit ?? (int)Math.Clamp(Math.Ceiling(Margin * need), Least, Most);
        return new(regular, Math.Max(16, regular / 4));
    }
}
