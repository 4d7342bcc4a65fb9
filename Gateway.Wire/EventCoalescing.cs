namespace Gateway.Wire;

/// <summary>
/// Decides whether a loop lets events gather for a moment before it asks for them. Where they come fast and one at a time, each costs a wait of its own, here
/// and at the other end of each connection; a moment later several come at once. The loop does so only where the recent rate promises another event within
/// that moment, and never while few exchanges are under way: they would only be held up.
/// </summary>
internal struct EventCoalescing
{
    /// <summary>How long events may gather, in microseconds.</summary>
    public const int Pause = 30;

    /// <summary>With fewer exchanges under way there is nothing to gather.</summary>
    private const int LeastExchanges = 8;

    /// <summary>A turn with so many events is worth its wait, however many exchanges there are.</summary>
    private const int Enough = 16;

    /// <summary>How many turns the rate remembers, roughly.</summary>
    private const int Memory = 8;

    private double _perMicrosecond;
    private int _last;

    /// <summary>Counts a turn.</summary>
    /// <param name="events">The events that it brought.</param>
    /// <param name="microseconds">The time since the turn before.</param>
    public void Count(int events, double microseconds)
    {
        _last = events;
        _perMicrosecond += ((events / Math.Max(1, microseconds)) - _perMicrosecond) / Memory;
    }

    /// <summary>Whether to pause before the next wait.</summary>
    /// <param name="exchanges">How many exchanges are under way on the loop: each has about one event to come.</param>
    public readonly bool ShouldPause(int exchanges) =>
        exchanges >= LeastExchanges && _last > 0 && _last < Math.Min(exchanges / 2, Enough) && _perMicrosecond * Pause >= 1;
}
