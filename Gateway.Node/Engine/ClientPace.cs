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
    private long _takeWindow;
    private int _untakenAtLook;
    private int _untakenAtIdle;

    /// <summary>When a rate is to be looked at next.</summary>
    public readonly long Deadline => Math.Min(_sendsBy, _takesBy);

    public void Begin(LimitSettings limits) =>
        (_sendRate, _takeRate, _sendsBy, _takesBy) = (limits.MinRequestBodyDataRate, limits.MinResponseDataRate, Never, Never);

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

    /// <summary>The client has to take what it was sent before it gets more.</summary>
    /// <param name="backlog">What the system has not taken yet, in bytes: the client has the time for it that the rate gives it.</param>
    /// <param name="untaken">That, and what the system holds for the client. It may hold megabytes, and takes more only once a good part of them is gone.</param>
    public void Block(long now, int backlog, int untaken)
    {
        _untakenAtIdle = untaken;
        if (_takesBy == Never && _takeRate > 0)
        {
            _takeWindow = Math.Max(GraceMilliseconds, backlog * 1000L / _takeRate);
            (_takesBy, _untakenAtLook) = (now + _takeWindow, untaken);
        }
    }

    /// <summary>The client has taken what it was sent.</summary>
    public void Unblock() => _takesBy = Never;

    /// <summary>Whether it is time for <see cref="TakesTooSlowly"/>.</summary>
    public readonly bool IsTakingDue(long now) => now >= _takesBy;

    /// <summary>Whether the client has taken less since it was blocked, or last looked at, than the rate asks for.</summary>
    public bool TakesTooSlowly(long now, int untaken)
    {
        if (!IsTakingDue(now))
        {
            return false;
        }

        var asked = Math.Min(_untakenAtLook, _takeRate * _takeWindow / 1000);
        var taken = _untakenAtLook - untaken;
        (_takesBy, _untakenAtLook) = (now + _takeWindow, untaken);
        return taken < asked;
    }

    /// <summary>Whether the client has taken some of what it was sent since it was blocked, or since the last look.</summary>
    public bool HasTaken(int untaken)
    {
        var taken = untaken < _untakenAtIdle;
        _untakenAtIdle = untaken;
        return taken;
    }
}
