namespace Gateway.Upstream.Http1;

/// <summary>
/// When the attempt on a connection got how far, and the deadlines that follow from it: until the request is sent, that of the request; then
/// the try's; from the head on, that of an idle exchange. All in ticks.
/// </summary>
internal sealed class AttemptTimes(Http1Connection connection, TransportClock clock)
{
    private long _request;
    private long _try;
    private long _idle;
    private long _sentAt;
    private long _headAt;

    /// <summary>Whether the request has been sent to its end.</summary>
    public bool FullySent => _sentAt != 0;

    public bool HeadTaken => _headAt != 0;

    public long HeadAt => _headAt;

    /// <summary>How long both sides may be silent once the head is there.</summary>
    public long Idle => _idle;

    public bool IsRequestOver => clock.Now >= _request;

    /// <summary>From the request sent to the head, or to now.</summary>
    public TimeSpan Waited => FullySent ? clock.Span((HeadTaken ? _headAt : clock.Now) - _sentAt) : TimeSpan.Zero;

    public void Begin(Exchange exchange)
    {
        var timeouts = exchange.Pool.Timeouts;
        (_request, _try, _idle) = (clock.Ticks(exchange.Deadline), clock.Ticks(timeouts.EffectiveTry), clock.Ticks(timeouts.Idle));
        (_sentAt, _headAt) = (0, 0);
    }

    /// <summary>The request is being sent, which takes a while.</summary>
    public void OnSending() => connection.SetDeadline(_request);

    /// <summary>A request without a body is sent: from here on it is the endpoint that is waited for.</summary>
    public void OnSent(long now)
    {
        _sentAt = now;
        connection.SetDeadline(Math.Min(now + _try, _request));
    }

    /// <summary>Some of the body has been taken, while the answer may be coming.</summary>
    /// <param name="last">The last of it.</param>
    public void OnBodyWritten(bool last)
    {
        var now = clock.Now;
        if (last)
        {
            _sentAt = now;
            connection.ReplaceDeadline(_request, Math.Min(now + _try, _request)); // Not the one that a head has set meanwhile.
        }

        if (HeadTaken)
        {
            connection.PutOffDeadline(now + _idle); // Nobody is idle.
        }
    }

    /// <summary>The final head has come.</summary>
    public void OnHead() => _headAt = clock.Now;

    /// <summary>The final head goes on to the client.</summary>
    public void OnPassedOn() => connection.SetDeadline(_headAt + _idle);
}
