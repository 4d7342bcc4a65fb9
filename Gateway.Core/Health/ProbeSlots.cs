namespace Gateway.Core.Health;

/// <summary>
/// Limits on concurrent probes, in lanes that cannot use each other's slots:
/// <code>
/// regular    by default 2 x the sum over all endpoints of timeout / interval, at least 64, at most 4,096
///   of which endpoints that did not answer last time, or were never asked, take at most half, and a quarter is theirs
/// verifying  a quarter as many more, at least 16
/// </code>
/// An endpoint that never answers holds a slot for the timeout of each interval, so it takes timeout / interval of a slot at most; twice
/// that leaves the other half to those that answer. Example: 100 endpoints, 5 s timeout, 5 s interval: 200 slots, 100 for silent ones.
/// </summary>
/// <param name="Regular">Slots for regular probes.</param>
/// <param name="Verifying">Slots for verifying probes: a trip elsewhere must not wait for silent endpoints here.</param>
public readonly record struct ProbeSlots(int Regular, int Verifying)
{
    /// <summary>The lowest default.</summary>
    public const int Min = 64;

    /// <summary>The highest default: each slot is a socket.</summary>
    public const int Max = 4096;

    private const int Margin = 2;

    /// <summary>The maximum for endpoints that did not answer last time, or were never probed.</summary>
    public int ForSlow => Math.Max(1, Regular / 2);

    /// <summary>The share reserved for those endpoints, so that a recovery is noticed.</summary>
    public int OwnOfSlow => Math.Max(1, Regular / 4);

    /// <param name="need">The sum over all endpoints of timeout / interval: the slots in use if none of them answers.</param>
    /// <param name="limit">The limit in the settings; null for as many as needed.</param>
    public static ProbeSlots For(double need, int? limit)
    {
        var regular = limit ?? (int)Math.Clamp(Math.Ceiling(Margin * need), Min, Max);
        return new(regular, Math.Max(16, regular / 4));
    }
}
