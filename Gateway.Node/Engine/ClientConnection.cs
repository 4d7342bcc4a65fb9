using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// A client's HTTP/1.0 or 1.1 connection: one request at a time, in order; anything sent ahead waits. Parses heads, refuses invalid ones, answers on behalf
/// of the replica itself, and passes the rest to its <see cref="Exchange"/>.
/// <code>
/// Greeting -PROXY protocol header, or none-> Reading
/// Reading -head-> Exchanging -over-> Reading, or Skipping (the rest of an unwanted body) -> Reading
/// any -closes-> Lingering (received data is dropped, so that the client reads the answer) -> closed
/// </code>
/// </summary>
internal sealed partial class ClientConnection : IChannelHandler
{
    private const int KeepAliveMilliseconds = 60_000;
    private const int HeadMilliseconds = 10_000;
    private const int LingerMilliseconds = 2_000;

    /// <summary>How long the rest of an unwanted body is read, so that the connection can be kept.</summary>
    private const int SkipMilliseconds = 5_000;

    /// <summary>The most bytes received ahead.</summary>
    private const int MaxAhead = 64 * 1024;

    private readonly ProxyLoop _loop;
    private readonly Exchange _exchange;
    private Block? _ahead;
    private Phase _phase = Phase.Reading;
    private BodyReader _skipped;
    private bool _closes;
    private bool _processing;
    private bool _headBegun;
    private bool _readToEnd = true;

    public ClientConnection(ProxyLoop loop, Channel channel, ClientAddress address, bool isConversation = false)
    {
        (_loop, Channel, Address, IsConversation) = (loop, channel, address, isConversation);
        Answers = new OwnAnswers(this, loop);
        Tally = loop.Routes.None;
        _exchange = new Exchange(loop, this);
        channel.Handler = this;
    }

    private enum Phase
    {
        /// <summary>A PROXY protocol header may come.</summary>
        Greeting,
        Reading,
        Exchanging,
        Skipping,
        Lingering,
    }

    public Channel Channel { get; }

    public ClientAddress Address { get; private set; }

    /// <summary>
    /// Whether it is a conversation within the process: other code holds the client's connection and ends the conversation with it. Never ended here except
    /// after an answer that announces it, since the other side may be about to send the next request.
    /// </summary>
    public bool IsConversation { get; }

    /// <summary>Whether <see cref="ClientAdmission"/> counts it.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Its index among the loop's clients; -1 once removed.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Writes the gateway's own answers.</summary>
    public OwnAnswers Answers { get; }

    /// <summary>Whether the current answer is the connection's last.</summary>
    public bool ClosesAfterThis => _closes || _loop.Context.State.Draining;

    /// <summary>Whether the client has ended its side.</summary>
    public bool HasEnded { get; private set; }

    private bool Leaves => IsConversation ? _closes : ClosesAfterThis;

    private long IdleDeadline => IsConversation ? 0 : _loop.Wire.Now + KeepAliveMilliseconds;

    public void Begin() => Channel.Deadline = IdleDeadline;

    public void CloseAfterThis() => _closes = true;

    /// <summary>Closes at once, with a reset.</summary>
    public void Abort() => Close(reset: true);

    /// <summary>Ends at once, with any request in progress.</summary>
    public void CutOff()
    {
        Channel.Reset();
        ((IChannelHandler)this).OnClosed(0);
    }

    /// <summary>Called when the process ends: closes a WebSocket with its closing handshake.</summary>
    public void GoAway() => _exchange.GoAway();

    /// <summary>Takes no further request.</summary>
    public void Drain()
    {
        if (IsConversation)
        {
            return; // The side that brings requests stops first, and lets those in progress finish.
        }

        _closes = true;
        if (_phase is Phase.Reading or Phase.Greeting && !_headBegun)
        {
            Close(reset: false);
        }
    }

    /// <summary>Calls <see cref="Drain"/> on the loop. Thread-safe.</summary>
    public void DrainLater() => _loop.Wire.Post(Drain);

    /// <summary>Called when the exchange is over.</summary>
    /// <param name="rest">The part of the request's body still to be received.</param>
    public void OnOver(BodyReader rest)
    {
        if (Channel.IsClosed)
        {
            return;
        }

        _phase = Phase.Reading;
        if (Leaves || (HasEnded && _ahead is null))
        {
            Leave();
            return;
        }

        Channel.Deadline = IdleDeadline;
        if (!rest.IsDone)
        {
            SkipTo(rest);
        }

        if (!_processing && _ahead is not null)
        {
            Process();
        }

        if (_phase is Phase.Reading or Phase.Skipping && !Channel.IsClosed)
        {
            Channel.Resume();
        }
    }

    void IChannelHandler.OnConnected()
    {
    }

    void IChannelHandler.OnReceived(ReadOnlySpan<byte> bytes)
    {
        switch (_phase)
        {
            case Phase.Reading or Phase.Skipping or Phase.Greeting when _ahead is null:
                var used = Process(bytes);
                if (used < bytes.Length && AcceptsInput)
                {
                    _ahead = _loop.Wire.Blocks.Append(null, bytes[used..]);
                }

                break;
            case Phase.Reading or Phase.Skipping or Phase.Greeting:
                _ahead = _loop.Wire.Blocks.Append(_ahead, bytes);
                Process();
                break;
            case Phase.Exchanging:
                var taken = _ahead is null && _exchange.WantsBody ? _exchange.OnBody(bytes) : 0;
                if (taken < bytes.Length && AcceptsInput)
                {
                    KeepAhead(bytes[taken..]);
                }

                break;
            default:
                break;
        }
    }

    void IChannelHandler.OnDrained()
    {
        if (_phase == Phase.Exchanging)
        {
            _exchange.OnClientDrained();
        }
        else if (_phase == Phase.Lingering && (_readToEnd || HasEnded))
        {
            Close(reset: false);
        }
        else if (_phase == Phase.Lingering)
        {
            Channel.Deadline = _loop.Wire.Now + LingerMilliseconds;
        }
    }

    void IChannelHandler.OnEnd()
    {
        HasEnded = true;
        switch (_phase)
        {
            case Phase.Exchanging:
                _exchange.OnClientEnd();
                break;
            case Phase.Lingering when Channel.Backlog > 0:
                break;
            default:
                Close(reset: false);
                break;
        }
    }

    void IChannelHandler.OnClosed(int error)
    {
        var exchanging = _phase == Phase.Exchanging;
        _phase = Phase.Lingering;
        Forget();
        if (exchanging)
        {
            _exchange.OnClientGone();
        }
    }

    void IChannelHandler.OnDeadline()
    {
        switch (_phase)
        {
            case Phase.Exchanging:
                _exchange.OnDeadline();
                break;
            case Phase.Reading when _headBegun:
                Refuse(new Problem(StatusCodes.Status408RequestTimeout, "http_request_error", "the request head did not arrive in time"), "head-timeout", _ahead is { } part ? part.Used : []);
                break;
            case Phase.Greeting when _headBegun || _greeting == GreetingRule.Required:
                RefuseGreeting();
                break;
            default:
                Close(reset: false);
                break;
        }
    }

    private bool AcceptsInput => _phase != Phase.Lingering && !Channel.IsClosed;

    private void KeepAhead(ReadOnlySpan<byte> bytes)
    {
        _ahead = _loop.Wire.Blocks.Append(_ahead, bytes);
        if (_ahead.Length > MaxAhead)
        {
            Channel.Pause();
        }
    }

    /// <summary>Closes once all sent data is taken; drops what is received until then and shortly after: a reset would cost the client its answer.</summary>
    private void Leave()
    {
        if (_readToEnd && _ahead is null && Channel.Backlog == 0)
        {
            Close(reset: false);
            return;
        }

        _phase = Phase.Lingering;
        Channel.EndSending();
        Channel.Resume();
        Channel.Deadline = _loop.Wire.Now + (Channel.Backlog > 0 ? KeepAliveMilliseconds : LingerMilliseconds); // A slow client gets its answer first.
    }

    private void Close(bool reset)
    {
        if (!Channel.IsClosed)
        {
            _phase = Phase.Lingering;
            Forget();
            if (reset)
            {
                Channel.Reset();
            }
            else
            {
                Channel.Close();
            }
        }
    }

    private void Forget()
    {
        _loop.Forget(this);
        if (_ahead is { } ahead)
        {
            _ahead = null;
            _loop.Wire.Blocks.Return(ahead);
        }
    }
}
