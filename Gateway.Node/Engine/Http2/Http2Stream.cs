using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// A stream of a client's HTTP/2 connection, seen by the engine as a channel: an HTTP/1.1 request comes from it, and the answer is sent to it. It serves one
/// request after another under new stream ids as long as each ends complete; otherwise it is dropped with its <see cref="ClientConnection"/>. All on the
/// connection's loop.
/// </summary>
internal sealed partial class Http2Stream : StreamChannel
{
    /// <summary>The time limit for taking the rest of an answer whose exchange is over, if no minimum rate applies.</summary>
    private const int RestMilliseconds = 60_000;

    private readonly Http2Connection _connection;
    private readonly Http2Parts _parts;
    private bool _closed;

    public Http2Stream(Http2Connection connection, ProxyLoop loop, Http2Parts parts, ClientAddress address)
        : base(loop.Wire)
    {
        (_connection, _parts) = (connection, parts);
        Client = loop.Converse(this, address);
    }

    /// <summary>Serves its requests.</summary>
    public ClientConnection Client { get; }

    public int Id { get; private set; }

    /// <summary>Whether it is in the connection's send queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether the connection checks it at the end of the turn.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether it is kept for another request.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether both sides have ended it, or one has reset it: its id no longer refers to it.</summary>
    public bool IsOver { get; set; }

    public override bool IsClosed => _closed;

    /// <summary>Whether it may serve another request.</summary>
    public bool IsFree => IsOver && IsComplete && Client.IsIdle;

    /// <summary>Whether request and answer are complete, and nothing of them is left.</summary>
    private bool IsComplete => !_closed && HasRequestEnded && HasAnswerEnded && _input.IsEmpty && _pending.IsEmpty && !_paused && !_isTunnel;

    /// <summary>Begins a request under a stream id.</summary>
    public void Begin(int id, int sendWindow)
    {
        (Id, IsOver, IsKept) = (id, false, false);
        BeginRequest();
        BeginAnswer(sendWindow);
    }

    /// <summary>Closes it for the engine: the unsent part of the answer is dropped.</summary>
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

    /// <summary>
    /// Limits the time in which the client must take the rest of its answer after the exchange. It has this long even if the wait for the rest of its request
    /// is shorter.
    /// </summary>
    public void LimitRest(int rate)
    {
        if (_restBy == 0)
        {
            _restBy = Loop.Now + (rate > 0 ? Math.Max(ClientPace.GraceMilliseconds, _pending.Length * 1000L / rate) : RestMilliseconds);
        }

        Deadline = Math.Max(Deadline, _restBy);
    }

    /// <summary>Tells the engine that the client has gone: it was answered in the engine's place, and still takes the rest of that answer.</summary>
    public void Detach()
    {
        if (_isRefused && !_closed && !_isDetached)
        {
            (_isDetached, _closed) = (true, true);
            Handler.OnClosed(0);
            _closed = false;
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
        DropInput();
        _pending.Clear(Loop.Blocks);
        FreeTrailers();
    }
}
