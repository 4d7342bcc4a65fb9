using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>
/// Checks a client against the minimum rates of <see cref="LimitSettings"/>: for sending its body and for taking its answer. A rate applies only while the
/// gateway waits for the client. Times are the loop's, in milliseconds. A struct of its exchange.
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

    /// <summary>When a rate is to be checked next.</summary>
    public readonly long Deadline => Math.Min(_sendsBy, _takesBy);

    public void Begin(LimitSettings limits) =>
        (_sendRate, _takeRate, _sendsBy, _takesBy) = (limits.MinRequestBodyDataRate, limits.MinResponseDataRate, Never, Never);

    /// <summary>Begins waiting for more of the body.</summary>
    /// <param name="sent">The bytes of the body received so far.</param>
    public void AwaitBody(long now, long sent)
    {
        if (_sendsBy == Never && _sendRate > 0)
        {
            (_sendsBy, _sent) = (now + GraceMilliseconds, sent);
        }
    }

    /// <summary>Stops waiting for the body: it is complete, or it is the backend's turn.</summary>
    public void StopAwaitingBody() => _sendsBy = Never;

    /// <summary>Whether less than the rate has arrived since the wait began, or since the last check.</summary>
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

    /// <summary>Begins waiting for the client to take what it was sent.</summary>
    /// <param name="backlog">The bytes that the system has not taken yet. The client has as much time for them as the rate gives.</param>
    /// <param name="untaken">
    /// The same, plus what the system holds for the client. It may hold megabytes, and takes more only after a good part of them is gone.
    /// </param>
    public void Block(long now, int backlog, int untaken)
    {
        _untakenAtIdle = untaken;
        if (_takesBy == Never && _takeRate > 0)
        {
            _takeWindow = Math.Max(GraceMilliseconds, backlog * 1000L / _takeRate);
            (_takesBy, _untakenAtLook) = (now + _takeWindow, untaken);
        }
    }

    /// <summary>Called when the client has taken what it was sent.</summary>
    public void Unblock() => _takesBy = Never;

    /// <summary>Whether it is time to call <see cref="TakesTooSlowly"/>.</summary>
    public readonly bool IsTakingDue(long now) => now >= _takesBy;

    /// <summary>Whether the client has taken less than the rate since it was blocked, or since the last check.</summary>
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

    /// <summary>Whether the client has taken anything since it was blocked, or since the last check.</summary>
    public bool HasTaken(int untaken)
    {
        var taken = untaken < _untakenAtIdle;
        _untakenAtIdle = untaken;
        return taken;
    }
}
