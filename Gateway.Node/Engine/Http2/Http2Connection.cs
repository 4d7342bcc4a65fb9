using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// A client's HTTP/2 connection (RFC 9113), on any carrier. Splits the input into frames; each stream is a channel of its own, behind which the engine serves
/// HTTP/1.1: see <see cref="Http2Stream"/>. Output of one turn of the loop is sent at its end, in one piece.
/// <code>
/// Greeting -PROXY protocol header, or none-> Preface -its 24 bytes-> Settings -the first frame-> Open
/// any -error, or nothing in progress after GOAWAY-> Over (received data is dropped) -> closed
/// </code>
/// </summary>
internal sealed partial class Http2Connection : IChannelHandler, IHttp2Client
{
    private readonly Http2Clients _clients;
    private readonly ProxyLoop _loop;
    private readonly Channel _channel;
    private readonly Http2Parts _parts;
    private readonly Action _onTurnEnd;
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly Stack<Http2Stream> _free = new();
    private readonly List<Http2Stream> _listed = [];
    private ClientAddress _address;
    private Block? _ahead;
    private State _state = State.Preface;
    private GreetingRule _greeting;
    private bool _hasGreetingBegun;
    private bool _isCounted;
    private bool _isClosed;
    private bool _isListed;
    private long _headBy;
    private long _idleBy;

    /// <param name="address">The client's address, including HTTP/2.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    public Http2Connection(Http2Clients clients, ProxyLoop loop, Channel channel, ClientAddress address, bool isCounted)
    {
        (_clients, _loop, _channel, _address, _isCounted, _parts) = (clients, loop, channel, address, isCounted, clients.Parts);
        _decoder = new HpackDecoder();
        _onTurnEnd = OnTurnEnd;
        channel.Handler = this;
    }

    private enum State
    {
        Greeting,
        Preface,
        Settings,
        Open,
        Over,
    }

    /// <summary>Its index among the loop's connections; -1 once removed.</summary>
    public int Place { get; set; } = -1;

    public ClientAddress Address => _address;

    public bool IsCounted => _isCounted;

    public string GatewayId => _loop.Context.State.Current.Settings.GatewayId;

    /// <summary>Begins, with a PROXY protocol header if the rule asks for one.</summary>
    public void Begin(GreetingRule rule)
    {
        _idleBy = _loop.Wire.Now + Http2Limits.KeepAlive;
        if (rule == GreetingRule.None)
        {
            WritePreface();
        }
        else
        {
            (_greeting, _state) = (rule, State.Greeting);
            if (rule == GreetingRule.Refused)
            {
                RefuseGreeting();
                return;
            }

            _headBy = rule == GreetingRule.Required ? _loop.Wire.Now + (long)ProxyGreeting.HeaderTimeout.TotalMilliseconds : 0;
        }

        SetDeadline();
    }

    void IChannelHandler.OnConnected()
    {
    }

    void IChannelHandler.OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (_state == State.Over)
        {
            return;
        }

        var whole = _ahead is null ? null : _loop.Wire.Blocks.Append(_ahead, bytes);
        _ahead = null;
        var used = Process(whole is null ? bytes : whole.Used);
        if (whole is null)
        {
            if (used < bytes.Length && _state != State.Over)
            {
                _ahead = _loop.Wire.Blocks.Append(null, bytes[used..]);
            }
        }
        else
        {
            whole.Start += used;
            if (whole.Length > 0 && _state != State.Over)
            {
                _ahead = whole;
            }
            else
            {
                _loop.Wire.Blocks.Return(whole);
            }
        }

        if (_state != State.Over)
        {
            SetHeadDeadline();
        }
    }

    void IChannelHandler.OnDrained()
    {
        IsBlocked = false;
        if (_isReadingHalted)
        {
            _isReadingHalted = false;
            _channel.Resume();
        }

        if (_state == State.Over)
        {
            _channel.Deadline = _loop.Wire.Now + Http2Limits.Linger;
            return;
        }

        ListSelf();
    }

    /// <summary>Called when the client has left: HTTP/2 connections are never half open.</summary>
    void IChannelHandler.OnEnd() => Close(reset: false);

    void IChannelHandler.OnClosed(int error)
    {
        _isClosed = true;
        EndStreams();
        Forget();
    }

    void IChannelHandler.OnDeadline()
    {
        var now = _loop.Wire.Now;
        if (_state == State.Over)
        {
            Close(reset: false);
        }
        else if (_state == State.Greeting && _headBy != 0 && now >= _headBy)
        {
            RefuseGreeting();
        }
        else if (_headBy != 0 && now >= _headBy)
        {
            OnLateHead();
        }
        else if (_streams.Count == 0 && now >= _idleBy)
        {
            Leave(Http2Error.NoError);
        }
        else
        {
            SetDeadline();
        }
    }

    /// <summary>Sets the deadline for a head, from its first byte to its last, whatever else arrives meanwhile.</summary>
    private void SetHeadDeadline()
    {
        var hasBegun = _state == State.Greeting ? _hasGreetingBegun || _greeting == GreetingRule.Required : _headStream != 0 || _isHeadCut;
        if (!hasBegun || _isHeadLate)
        {
            _headBy = 0;
        }
        else if (_headBy == 0)
        {
            _headBy = _loop.Wire.Now + Http2Limits.Head;
            SetDeadline();
        }
    }

    private void SetDeadline() => _channel.Deadline =
        _streams.Count > 0 ? _headBy : _headBy == 0 ? _idleBy : Math.Min(_headBy, _idleBy);

    private void ListSelf()
    {
        if (!_isListed && !_isClosed)
        {
            _isListed = true;
            _loop.Wire.AtEndOfTurn(_onTurnEnd);
        }
    }

    private void OnTurnEnd()
    {
        _isListed = false;
        if (_isClosed)
        {
            return;
        }

        for (var i = 0; i < _listed.Count; i++)
        {
            Settle(_listed[i]);
        }

        _listed.Clear();
        if (_state != State.Over)
        {
            SendKept();
            EndIfLeaving();
        }

        SendGathered();
    }

    private void Close(bool reset)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            EndStreams();
            Forget();
            if (reset)
            {
                _channel.Reset();
            }
            else
            {
                _channel.Close();
            }
        }
    }

    private void Forget()
    {
        _state = State.Over;
        _clients.Forget(this);
        if (_isGoAwayPending)
        {
            _isGoAwayPending = false;
            _clients.GoAwayDone();
        }

        FreeBlock(ref _ahead);
        FreeBlock(ref _gathered);
        FreeBlock(ref _head);
    }

    private void FreeBlock(ref Block? block)
    {
        if (block is { } held)
        {
            block = null;
            _loop.Wire.Blocks.Return(held);
        }
    }
}
