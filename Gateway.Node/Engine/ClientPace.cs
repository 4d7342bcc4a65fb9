using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>
/// Whether a client keeps the minimum rates of <see cref="LimitSettings"/>: sends its body, and takes its answer, as fast as it must. It is held to them
/// only while it is the client that is waited for. Times are those of the loop, in milliseconds. A struct of its exchange.
/// </summary>
internal struct ClientPace
{
    /// <summary>How long a client may do nothing, whatever the rate.</summary>
    public const int GraceMilliseconds = 5000;

    private const long Never = long.MaxValue;

    private int _sendRate;
    private int _takeRate;
    private long _sendsBy;
    private long _takesBy;
    private long _sent;
    private int _backlog;

    /// <summary>When a rate is to be looked at next.</summary>
    public readonly long Deadline => Math.Min(_sendsBy, _takesBy);

    public void Begin(LimitSettings limits) =>
        (_sendRate, _takeRate, _sendsBy, _takesBy, _backlog) = (limits.MinRequestBodyDataRate, limits.MinResponseDataRate, Never, Never, 0);

    /// <summary>More of the body is waited for.</summary>
    /// <param name="sent">Bytes of it that have come.</param>
    public void AwaitBody(long now, long sent)
    {
        if (_sendsBy == Never && _sendRate > 0)
        {
            (_sendsBy, _sent) = (now + GraceMilliseconds, sent);
        }
    }

    /// <summary>No more of the body is waited for: it is all there, or it is the backend's turn.</summary>
    public void StopAwaitingBody() => _sendsBy = Never;

    /// <summary>Whether less has come since the body was first waited for, or last looked at, than the rate asks for.</summary>
    public bool SendsTooSlowly(long now, long sent)
    {
        if (now < _sendsBy)
        {
            return false;
        }

        var came = sent - _sent;
        (_sendsBy, _sent) = (now + GraceMilliseconds, sent);
        return came < (long)_sendRate * GraceMilliseconds / 1000;
    }

    /// <summary>The client has yet to take so many bytes before it gets more.</summary>
    public void Block(long now, int backlog)
    {
        _backlog = backlog;
        if (_takesBy == Never && _takeRate > 0)
        {
            _takesBy = now + Math.Max(GraceMilliseconds, backlog * 1000L / _takeRate);
        }
    }

    /// <summary>The client has taken what it was sent.</summary>
    public void Unblock() => (_takesBy, _backlog) = (Never, 0);

    public readonly bool TakesTooSlowly(long now) => now >= _takesBy;

    /// <summary>Whether the client has taken some of what it was sent since the last look.</summary>
    public bool HasTaken(int backlog)
    {
        var taken = backlog < _backlog;
        _backlog = backlog;
        return taken;
    }
}
