using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// A stream of a client's HTTP/2 connection, as the engine sees it: a channel on which a request of HTTP/1.1 comes, and to which its answer is sent. It serves one request after another under new
/// numbers as long as each ends whole; otherwise it is dropped, and its <see cref="ClientConnection"/> with it. All on the loop of the connection.
/// </summary>
internal sealed partial class Http2Stream : StreamChannel
{
    /// <summary>For the rest of an answer to be taken whose exchange is over, where no rate says how fast it must be.</summary>
    private const int RestMilliseconds = 60_000;

    private readonly Http2Connection _connection;
    private readonly Http2Parts _parts;
    private bool _closed;

    public Http2Stream(Http2Connection connection, ProxyLoop loop, ClientAddress address)
        : base(loop.Wire)
    {
        (_connection, _parts) = (connection, loop.Http2);
        Client = loop.Converse(this, address);
    }

    /// <summary>Who serves its requests.</summary>
    public ClientConnection Client { get; }

    public int Id { get; private set; }

    /// <summary>Whether it stands in the connection's queue of those that may send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether the connection is to look at it at the end of the turn.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether it is kept for another request.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether both sides have ended it, or one has reset it: its number stands for it no longer.</summary>
    public bool IsOver { get; set; }

    public override bool IsClosed => _closed;

    /// <summary>Whether it may serve another request.</summary>
    public bool IsFree => !_closed && IsOver && HasRequestEnded && HasAnswerEnded && _input.IsEmpty && _pending.IsEmpty && !_paused && !_isTunnel && Client.IsIdle;

    /// <summary>Begins to stand for a number.</summary>
    public void Begin(int id, int sendWindow)
    {
        (Id, IsOver, IsKept) = (id, false, false);
        BeginRequest();
        BeginAnswer(sendWindow);
    }

    /// <summary>The engine wants no more of it: what has not been sent of the answer never will be.</summary>
    public override void Close()
    {
        if (!_closed)
        {
            Drop();
            if (!IsOver && !HasAnswerEnded)
            {
                _connection.Reset(this, _isTunnel ? Http2Error.Cancel : Http2Error.InternalError);
            }

            _connection.List(this);
        }
    }

    public override void Reset() => Close();

    /// <summary>Ends it for the engine: the client has reset it or has left, or the request is malformed.</summary>
    public void Break()
    {
        IsOver = true;
        if (!_closed)
        {
            Drop();
            Handler.OnClosed(0);
        }
    }

    protected override void OnAbandoned()
    {
        Close();
        Handler.OnClosed(0);
    }

    private void Drop()
    {
        _closed = true;
        ForgetDeadline();
        _connection.Returned(this, _inputCredit);
        _inputCredit = 0;
        _input.Clear(Loop.Blocks);
        _pending.Clear(Loop.Blocks);
        FreeTrailers();
    }
}
