namespace Gateway.Node.Engine.Http2;

/// <summary>
/// How much of what costs this side work and the client next to nothing a connection may still send: resets of its own streams, SETTINGS, PING, PRIORITY, empty frames. What does something
/// useful, and time, give some of it back, so that a busy client that cancels calls or measures its window is not taken for an attacker. A struct of its connection.
/// </summary>
/// <param name="most">What may come at once.</param>
/// <param name="perSecond">What may go on coming.</param>
internal struct FloodGuard(int most, int perSecond)
{
    private long _left = most;
    private long _at;

    /// <summary>Something useful has been done.</summary>
    public void Credit() => _left = Math.Min(most, _left + 1);

    /// <summary>One more has come. False: it is one too many.</summary>
    /// <param name="now">In milliseconds.</param>
    public bool TryTake(long now)
    {
        var earned = (now - _at) * perSecond / 1000;
        if (earned > 0)
        {
            (_left, _at) = (Math.Min(most, _left + earned), now);
        }

        return --_left >= 0;
    }
}
