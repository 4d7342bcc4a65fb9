using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// A client's connection: HTTP/1.0 and 1.1, requests in order and one at a time, whatever is sent ahead waits. Parses heads, refuses what is not valid,
/// answers for the replica itself, and leaves the rest to its <see cref="Exchange"/>.
/// <code>
/// Greeting -header of the PROXY protocol, or none-> Reading        Reading -head-> Exchanging -over-> Reading, or Skipping (the rest of a body that nobody wants) -> Reading        any -closes-> Lingering (what still comes is dropped, so that the answer is read) -> closed
/// </code>
/// </summary>
internal sealed partial class ClientConnection : IChannelHandler
{
    private const int KeepAliveMilliseconds = 60_000;
    private const int HeadMilliseconds = 10_000;
    private const int LingerMilliseconds = 2_000;

    /// <summary>How long the rest of a body is read that nobody wants, so that the connection can be kept.</summary>
    private const int SkipMilliseconds = 5_000;

    /// <summary>What is taken in ahead of its turn, in bytes.</summary>
    private const int MostAhead = 64 * 1024;

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
        /// <summary>A header of the PROXY protocol may come.</summary>
        Greeting,
        Reading,
        Exchanging,
        Skipping,
        Lingering,
    }

    public Channel Channel { get; }

    public ClientAddress Address { get; private set; }

    /// <summary>
    /// Whether it is a conversation within the process: somebody else holds the client's connection, and ends the conversation with it. It is never ended
    /// here but after an answer that has said so, since the other side may be about to send the next request.
    /// </summary>
    public bool IsConversation { get; }

    /// <summary>Whether the door is to be told when it leaves.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Where it stands among its loop's clients; -1: it does no longer.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Writes the answers that are the gateway's own.</summary>
    public OwnAnswers Answers { get; }

    /// <summary>Whether the answer under way is the connection's last.</summary>
    public bool ClosesAfterThis => _closes || _loop.Context.State.Draining;

    /// <summary>Whether the client sends no more.</summary>
    public bool HasEnded { get; private set; }

    private bool Leaves => IsConversation ? _closes : ClosesAfterThis;

    private long IdleDeadline => IsConversation ? 0 : _loop.Wire.Now + KeepAliveMilliseconds;

    public void Begin() => Channel.Deadline = IdleDeadline;

    public void CloseAfterThis() => _closes = true;

    /// <summary>Closes at once, with a reset.</summary>
    public void Abort() => Close(reset: true);

    /// <summary>Ends at once, and whatever is under way with it.</summary>
    public void CutOff()
    {
        Channel.Reset();
        ((IChannelHandler)this).OnClosed(0);
    }

    /// <summary>The process ends: a WebSocket is closed as it should be.</summary>
    public void GoAway() => _exchange.GoAway();

    /// <summary>No further request is taken.</summary>
    public void Drain()
    {
        if (IsConversation)
        {
            return; // Whoever brings the requests stops first, and has what is under way finished.
        }

        _closes = true;
        if (_phase is Phase.Reading or Phase.Greeting && !_headBegun)
        {
            Close(reset: false);
        }
    }

    /// <summary>The same, by any thread.</summary>
    public void DrainLater() => _loop.Wire.Post(Drain);

    /// <summary>The exchange is over.</summary>
    /// <param name="rest">What the client has yet to send of its body.</param>
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
                if (used < bytes.Length && TakesMore)
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
                if (taken < bytes.Length && TakesMore)
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

    private bool TakesMore => _phase != Phase.Lingering && !Channel.IsClosed;

    private void KeepAhead(ReadOnlySpan<byte> bytes)
    {
        _ahead = _loop.Wire.Blocks.Append(_ahead, bytes);
        if (_ahead.Length > MostAhead)
        {
            Channel.Pause();
        }
    }

    /// <summary>Closes once what was sent has been taken. What the client still sends is dropped for a while: a reset would cost it the answer.</summary>
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
        Channel.Deadline = _loop.Wire.Now + (Channel.Backlog > 0 ? KeepAliveMilliseconds : LingerMilliseconds); // A slow client gets the rest of its answer first.
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
