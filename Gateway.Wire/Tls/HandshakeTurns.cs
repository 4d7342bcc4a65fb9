namespace Gateway.Wire.Tls;

/// <summary>
/// Divides a loop's turns between handshakes and everything else: in each turn handshakes have a time limit (an RSA-2048 signature takes about 0.6 ms, an
/// RSA-4096 one 4 ms), and at least one continues. The others wait, first come, first served, and nothing is received from them meanwhile.
/// </summary>
internal sealed class HandshakeTurns
{
    /// <summary>The time limit per turn. A step in progress is not interrupted.</summary>
    private const double MaxMicroseconds = 2000;

    private readonly Queue<TlsChannel> _waiting = new();
    private long _turn;
    private double _begun;
    private double _spent;
    private bool _isAsked;

    /// <summary>The waiting sessions, including those that have ended meanwhile.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Whether a handshake may continue now; <see cref="Spent"/> must be called afterwards.</summary>
    public bool TryTake(EventLoop loop) => _waiting.Count == 0 && IsTimeLeft(loop);

    /// <summary>
    /// Lets a handshake with little work left continue before those that wait: its signature is made, and its client has waited for a turn already.
    /// </summary>
    /// <returns>True, like <see cref="TryTake"/>.</returns>
    public bool Take(EventLoop loop)
    {
        _ = IsTimeLeft(loop);
        return true;
    }

    /// <summary>Called when the step begun by <see cref="TryTake"/> or <see cref="Take"/> is over.</summary>
    public void Spent(EventLoop loop) => _spent += loop.MicrosecondsInTurn - _begun;

    /// <summary>Continues a session at its turn.</summary>
    public void WaitFor(TlsChannel session)
    {
        _waiting.Enqueue(session);
        Ask(session.Loop);
    }

    private bool IsTimeLeft(EventLoop loop)
    {
        if (loop.Timestamp != _turn)
        {
            (_turn, _spent) = (loop.Timestamp, 0);
        }

        _begun = loop.MicrosecondsInTurn;
        return _spent < MaxMicroseconds;
    }

    private void Ask(EventLoop loop)
    {
        if (!_isAsked)
        {
            _isAsked = true;
            loop.Post(() => Run(loop));
        }
    }

    private void Run(EventLoop loop)
    {
        _isAsked = false;
        while (_waiting.Count > 0 && IsTimeLeft(loop))
        {
            var next = _waiting.Dequeue();
            if (!next.IsClosed)
            {
                loop.Guard(static (session, _) => session.TakeTurn(), next, 0);
            }
        }

        if (_waiting.Count > 0)
        {
            Ask(loop);
        }
    }
}
