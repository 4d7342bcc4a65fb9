namespace Gateway.Node.Engine.Http2;

/// <summary>
/// A budget for frames that cost this side work and the client next to nothing: resets of its own streams, SETTINGS, PING, PRIORITY, WINDOW_UPDATE, empty
/// frames. Useful work, and time, refill it, so that a busy client that cancels calls or measures its window does not count as an attacker. A struct of its
/// connection.
/// </summary>
/// <param name="max">The burst size.</param>
/// <param name="perSecond">The sustained rate.</param>
internal struct FloodGuard(int max, int perSecond)
{
    private long _left = max;
    private long _at;

    /// <summary>Adds to the budget, for useful work.</summary>
    public void Credit(int count = 1) => _left = Math.Min(max, _left + count);

    /// <summary>Takes one. False if the budget is exhausted.</summary>
    /// <param name="now">In milliseconds.</param>
    public bool TryTake(long now)
    {
        var earned = (now - _at) * perSecond / 1000;
        if (earned > 0)
        {
            (_left, _at) = (Math.Min(max, _left + earned), now);
        }

        return --_left >= 0;
    }
}
