namespace Gateway.Wire;

/// <summary>
/// Decides whether a loop pauses briefly so that events accumulate before it polls for them. When events come fast and one at a time, each costs a wait, here
/// and at the other end of each connection; after a pause several come at once. The loop pauses only if the recent rate promises another event within
/// that time, and never with few exchanges in flight, which it would only delay.
/// </summary>
internal struct EventCoalescing
{
    /// <summary>The length of the pause, in microseconds.</summary>
    public const int Pause = 30;

    /// <summary>The number of exchanges in flight below which a pause gains nothing.</summary>
    private const int MinExchanges = 8;

    /// <summary>The number of events per turn that is worth a wait, whatever the number of exchanges.</summary>
    private const int Enough = 16;

    /// <summary>The approximate number of turns that the rate averages over.</summary>
    private const int Memory = 8;

    private double _perMicrosecond;
    private int _last;

    /// <summary>Counts a turn.</summary>
    /// <param name="events">The number of its events.</param>
    /// <param name="microseconds">The time since the previous turn.</param>
    public void Count(int events, double microseconds)
    {
        _last = events;
        _perMicrosecond += ((events / Math.Max(1, microseconds)) - _perMicrosecond) / Memory;
    }

    /// <summary>Whether to pause before the next wait.</summary>
    /// <param name="exchanges">The number of exchanges in flight on the loop: each has about one event to come.</param>
    public readonly bool ShouldPause(int exchanges) =>
        exchanges >= MinExchanges && _last > 0 && _last < Math.Min(exchanges / 2, Enough) && _perMicrosecond * Pause >= 1;
}
