namespace Gateway.Wire.Tls;

/// <summary>
/// Divides a loop's turns between handshakes and everything else: each turn, handshakes may take so long (a signature with a key of RSA-2048 takes about 0.6 ms, one of RSA-4096 4 ms), and at least one
/// goes on. The others wait, first come first served, and nothing is received from them meanwhile.
/// </summary>
internal sealed class HandshakeTurns
{
    /// <summary>Of each turn. The one that is under way is not interrupted.</summary>
    private const double MostMicroseconds = 2000;

    private readonly Queue<TlsChannel> _waiting = new();
    private long _turn;
    private double _begun;
    private double _spent;
    private bool _isAsked;

    /// <summary>Those that wait, and those that have ended meanwhile.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Whether a handshake may go on now; then <see cref="Spent"/> is to be told when it has.</summary>
    public bool TryTake(EventLoop loop) => _waiting.Count == 0 && IsTimeLeft(loop);

    /// <summary>Has a handshake go on that has little left to do, before those that wait: its signature is made, and its client has waited for its turn already.</summary>
    /// <returns>True, as <see cref="TryTake"/>.</returns>
    public bool Take(EventLoop loop)
    {
        _ = IsTimeLeft(loop);
        return true;
    }

    /// <summary>What was begun by <see cref="TryTake"/> or <see cref="Take"/> is over for now.</summary>
    public void Spent(EventLoop loop) => _spent += loop.MicrosecondsInTurn - _begun;

    /// <summary>Has a session go on once it is its turn.</summary>
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
        return _spent < MostMicroseconds;
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
