using Gateway.Core.Balancing;
using Gateway.Core.Connecting;
using Gateway.Core.Outcomes;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Http;
using Gateway.Node.Recording;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// One proxied request: sends it to the endpoint picked by <see cref="Attempts"/> and passes the answer to <see cref="Download"/>. Driven by events on the two
/// connections and by one deadline, all on one loop. One per client connection, reused for its requests.
/// <code>
/// Begin -> Waiting (for a connection) -> Sending (until the head of an answer) -> Answering -> over       Answering -101-> Tunnel -> over
///             ^                              | failed, or an answer that is tried again
///             +------- Backoff &lt;-------------+
/// </code>
/// </summary>
internal sealed partial class Exchange : IBackendUser
{
    /// <summary>The most idle time of a connection for a request that must not be repeated; otherwise it gets a new connection.</summary>
    private const int FreshMilliseconds = 2000;

    /// <summary>How long the client waits for the backend's 100 before the gateway sends one.</summary>
    private const int ContinueMilliseconds = 1000;

    /// <summary>The most bytes of a body taken from a client before there is a connection to send it on.</summary>
    private const int MaxHeld = 16 * 1024;

    private readonly ProxyLoop _loop;
    private readonly ClientConnection _client;
    private readonly Attempts _attempts;
    private readonly Download _answer;
    private Stage _stage;
    private Upload _upload;
    private ClientPace _pace;
    private Pool _pool = null!;
    private GatewaySettings _settings = null!;
    private BackendConnection? _backend;
    private Queue<byte[]>? _otherAddresses;
    private ConnectionWait? _wait;
    private Tunnel? _tunnel;
    private Block? _head;
    private AccessRecord? _record;
    private (int Start, int End) _hostLine;
    private byte[]? _greeting;
    private string _method = "";
    private long _attempt;
    private long _largestBody;
    private long _begun;
    private long _requestDeadline;
    private long _waitingSince;
    private long _continueAt;
    private long _sentAt;
    private long _active;
    private int _interim;
    private RouteAffinity? _affinity;
    private PoolMember? _affine;
    private bool _open;
    private bool _isHttp11;
    private bool _isWebSocket;

    public Exchange(ProxyLoop loop, ClientConnection client)
    {
        (_loop, _client) = (loop, client);
        _attempts = new Attempts(loop.Context.Metrics, loop.Context.Clock);
        _answer = new Download(loop, client);
    }

    private enum Stage
    {
        None,
        Waiting,
        Sending,
        Answering,
        Tunnel,
        Backoff,
    }

    private BlockPool Blocks => _loop.Wire.Blocks;

    /// <summary>Whether the client may continue to send its body.</summary>
    public bool WantsBody => _stage != Stage.None && (!_upload.IsReceived || _stage == Stage.Tunnel);

    /// <summary>Begins with a request whose head has been parsed; returns the number of bytes taken of its body.</summary>
    /// <param name="record">The request's access record; null: none.</param>
    public int Begin(in RoutingResult routed, RequestHead request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, GatewaySettings settings, AccessRecord? record)
    {
        var now = _loop.Now;
        (_pool, _settings, _method, _isHttp11, _largestBody) = (routed.Pool!, settings, request.Method, request.IsHttp11, routed.LargestBody);
        (_begun, _active) = (_loop.Wire.Timestamp, _loop.Wire.Now);
        _answer.Clear();
        (_open, _record, _call, _callStatus) = (true, record, _client.Call, null);
        _loop.Wire.Exchanges++;
        var priority = routed.Route?.Settings.Priority ?? RequestPriority.Default;
        var pool = _pool.Snapshot;
        if (!TryTakePlace(pool.Settings.AdaptiveConcurrency, priority, now))
        {
            _upload.Begin(request, head, 0);
            var untaken = _upload.Take(Blocks, rest, out _, out _);
            Refuse(Problem.Overloaded, null);
            return untaken;
        }

        var actions = routed.Route?.Actions;
        _answer.GatewayId = settings.GatewayId;
        _answer.Fields = actions?.ResponseFields;
        _answer.Hsts = _client.HstsLine;
        _affinity = actions?.Affinity;
        var key = _client.Address.KeyOf(request, head, settings.TrustedProxies);
        _affine = _affinity?.Find(pool, request.Fields, head, _loop.Router.Query, key);
        var kind = _attempts.Begin(pool, key, _method, now, actions?.Policies, _affine, mayWait: priority != RequestPriority.Sheddable);
        var retry = _attempts.Settings.Retry;
        var keeps = (RetryRules.IsIdempotent(_method) || IsHttp2) && request.Fields.ContentLength <= retry.MaxKeptBody;
        _upload.Begin(request, head, keeps ? retry.MaxKeptBody : 0);
        _answer.AcceptsTrailers = _client.Address.IsHttp2 || RequestWriter.AcceptsTrailers(request, head);
        _pace.Begin(settings.Limits);
        record?.Picked = kind == PickKind.Picked ? _loop.Context.Clock.GetTimestamp() : 0;
        if (kind != PickKind.Picked)
        {
            var left = _upload.Take(Blocks, rest, out _, out _);
            Refuse(Problem.Of(kind), null);
            return left;
        }

        _requestDeadline = BoundByCall(_loop.Wire.Now + Milliseconds(_attempts.Settings.Timeouts.Request));
        _attempts.EndBy(now + TimeSpan.FromMilliseconds(_requestDeadline - _loop.Wire.Now));
        _isWebSocket = request.IsWebSocket(head);
        if (_isWebSocket && IsHttp2 && _client.IsConversation)
        {
            Refuse(Problem.NoTunnel, null); // Over HTTP/2 a plain answer would be taken for the tunnel.
            return 0;
        }

        _greeting = BackendGreeting.Of(_attempts.Settings.Connections, _client.Address, request, head, settings);
        var expects = request.ExpectsContinue(head) && !_upload.IsReceived;
        _continueAt = expects ? _loop.Wire.Now + ContinueMilliseconds : 0;
        var traits = RequestShape.TraitsOf(expects, _isWebSocket, _call.Deadline != 0);
        var shape = new RequestShape(settings, _attempts.Settings, _attempts.Cell.Id.Address.Label, traits) { Id = _client.Id, Trace = _client.Trace, Fields = actions?.RequestFields };
        _head = RequestWriter.Write(_loop, request, head, _client.Address, shape, out _hostLine);
        var taken = _upload.Take(Blocks, rest, out var forward, out var hasTrailers);
        if (_upload.Fault != HttpFault.None || _upload.Bytes > _largestBody)
        {
            OnBadBody();
            return taken;
        }

        BeginCopy(routed.Route, request, head);
        Copy(rest[..forward]);
        Send(rest[..forward]);
        EndPart(hasTrailers);
        return taken;
    }

    /// <summary>Called with more of the body, or of a tunnel's data; returns the number of bytes taken.</summary>
    public int OnBody(ReadOnlySpan<byte> bytes)
    {
        _active = _loop.Wire.Now;
        if (_tunnel is { } tunnel)
        {
            tunnel.FollowToBackend(bytes);
            Forward(tunnel.HasGoneAway ? [] : bytes);
            return bytes.Length;
        }

        WaitAgain();
        var taken = _upload.Take(Blocks, bytes, out var forward, out var hasTrailers);
        if (_upload.Fault != HttpFault.None || _upload.Bytes > _largestBody)
        {
            OnBadBody();
            return taken;
        }

        Copy(bytes[..forward]);
        Forward(bytes[..forward]);
        EndPart(hasTrailers);
        return taken;
    }

    /// <summary>Called when the client has ended its side.</summary>
    public void OnClientEnd()
    {
        if (_stage == Stage.Tunnel && _answer.IsDone)
        {
            Finish();
        }
        else if (_tunnel is { } tunnel)
        {
            EndTunnelToBackend(tunnel);
        }
        else if (!_upload.IsReceived)
        {
            OnClientGone();
        }
    }

    /// <summary>Called when the client has left.</summary>
    public void OnClientGone()
    {
        if (_stage == Stage.Backoff)
        {
            Over(ClientClosedRequest); // Between two attempts.
        }
        else
        {
            CutTunnelToBackend();
            EndAttempt(ReportOf(_answer.HasBegun ? AttemptEnd.BodyAbandoned : AttemptEnd.ClientGone));
        }
    }

    /// <summary>Called when the client has taken everything it was sent.</summary>
    public void OnClientDrained()
    {
        _active = _loop.Wire.Now;
        _pace.Unblock();
        _backend?.Channel.Resume();
    }

    public void OnDeadline()
    {
        var now = _loop.Wire.Now;
        if (now >= _pace.Deadline && _stage is Stage.Sending or Stage.Answering && EndIfTooSlow(now))
        {
            return;
        }

        switch (_stage)
        {
            case Stage.Backoff:
                Next();
                break;
            case Stage.Waiting when now < _requestDeadline:
                OnWaitTimedOut();
                break;
            case Stage.Sending when _continueAt != 0 && now >= _continueAt:
                SendContinue();
                SetDeadline();
                break;
            case Stage.Waiting or Stage.Sending:
                OnTimeout(now);
                break;
            case Stage.Answering when _answer.IsHeld:
                AfterBytes(_answer.Flush());
                break;
            case Stage.Answering when _call.HasPassed(now):
                EndAttempt(ReportOf(AttemptEnd.DeadlinePassed));
                break;
            case Stage.Answering or Stage.Tunnel when now >= _active + IdleMilliseconds:
                OnIdle();
                break;
            default:
                SetDeadline();
                break;
        }
    }

    /// <summary>Does nothing: the one deadline is on the client's connection, see <see cref="OnDeadline"/>.</summary>
    public void OnBackendDeadline()
    {
    }

    /// <summary>Called with a reserved place for a connection of this attempt. False if the attempt is over.</summary>
    public bool OnRoom(long attempt)
    {
        if (_stage != Stage.Waiting || _attempt != attempt || _wait is null)
        {
            return false;
        }

        EndWait();
        Connect();
        return true;
    }

    /// <summary>Called with a free connection for this attempt. False if the attempt is over.</summary>
    public bool OnConnection(long attempt, BackendConnection connection)
    {
        if (_stage != Stage.Waiting || _attempt != attempt || _wait is null)
        {
            return false;
        }

        EndWait();
        Use(connection, []);
        return true;
    }

    private static long Milliseconds(TimeSpan span) => Math.Max(1, (long)span.TotalMilliseconds);

    /// <summary>Whether the pool's backends speak HTTP/2: they can report a request as not processed, and then any may be sent again.</summary>
    private bool IsHttp2 => _attempts.Settings.Connections.Protocol == BackendProtocol.Http2;

    private long IdleMilliseconds => Milliseconds(_attempts.Settings.Timeouts.Idle);
}
