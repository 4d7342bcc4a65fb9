using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>Requests, one after another: parsed, refused, answered here, or passed to an exchange.</summary>
internal sealed partial class ClientConnection
{
    private RequestId? _ids;
    private bool _echoesId;

    public ProxyLoop Loop => _loop;

    /// <summary>The current request's id; null if requests have none.</summary>
    public RequestId? Id { get; private set; }

    /// <summary>The current request's id if it is sent to the client; otherwise null.</summary>
    public RequestId? EchoedId => _echoesId ? Id : null;

    /// <summary>The gRPC properties of the current request.</summary>
    public GrpcCall Call { get; private set; }

    /// <summary>The HSTS line of answers over TLS; null if there is none or the connection is not TLS.</summary>
    public byte[]? HstsLine => Address.Tls is null ? null : _loop.Context.State.Current.HstsLine;

    /// <summary>Serves requests received ahead, as far as possible.</summary>
    private void Process()
    {
        var ahead = _ahead!;
        _ahead = null; // Nested calls must not find the bytes being read.
        ahead.Start += Process(ahead.Used);
        if (ahead.Length > 0 && AcceptsInput)
        {
            _ahead = ahead;
        }
        else
        {
            _loop.Wire.Blocks.Return(ahead);
        }
    }

    /// <summary>Serves requests until one is in progress or more bytes are needed; returns the number of bytes used.</summary>
    private int Process(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        _processing = true;
        while (used < bytes.Length && _phase is Phase.Reading or Phase.Skipping or Phase.Greeting && !Channel.IsClosed)
        {
            var window = bytes[used..];
            if (_phase == Phase.Skipping)
            {
                used += Skip(window);
                continue;
            }

            if (_phase == Phase.Greeting)
            {
                used += Greet(window);
                if (_phase == Phase.Greeting)
                {
                    break;
                }

                continue;
            }

            var state = _loop.Request.Parse(window);
            if (state == HeadState.Incomplete)
            {
                if (!_headBegun)
                {
                    (_headBegun, Channel.Deadline) = (true, _loop.Wire.Now + HeadMilliseconds);
                }

                break;
            }

            _headBegun = false;
            if (state == HeadState.Faulty)
            {
                OnFault(_loop.Request.Fault, window);
                break;
            }

            used += Serve(window[.._loop.Request.Length], window[_loop.Request.Length..]);
        }

        _processing = false;
        return used;
    }

    /// <summary>Drops bytes of an unwanted body.</summary>
    private int Skip(ReadOnlySpan<byte> bytes)
    {
        var taken = _skipped.Take(bytes);
        if (_skipped.IsAtTrailers)
        {
            taken += _skipped.TakeTrailers(bytes[taken..]);
        }

        if (_skipped.Fault != HttpFault.None)
        {
            Close(reset: false);
        }
        else if (_skipped.IsDone)
        {
            (_phase, Channel.Deadline) = (Phase.Reading, IdleDeadline);
        }

        return taken;
    }

    private void SkipTo(BodyReader rest) => (_phase, _skipped, Channel.Deadline) = (Phase.Skipping, rest, _loop.Wire.Now + SkipMilliseconds);

    private void OnFault(HttpFault fault, ReadOnlySpan<byte> bytes)
    {
        _loop.Context.Metrics.RequestMalformed(HttpFaults.NameOf(fault));
        Refuse(new Problem(HttpFaults.StatusOf(fault), "http_request_error", HttpFaults.TextOf(fault)), HttpFaults.NameOf(fault), bytes);
    }

    /// <summary>Whether nothing is in progress, and the next request may come.</summary>
    public bool IsIdle => _phase == Phase.Reading && !_headBegun && !_closes && _ahead is null && Place >= 0;

    /// <summary>Whether an exchange is in progress.</summary>
    public bool IsServing => _phase == Phase.Exchanging;

    /// <summary>Refuses a head that was never written as HTTP/1.1.</summary>
    public void RefuseHead(HttpFault fault) => OnFault(fault, []);

    /// <summary>Counts a request that is refused without an answer, for a fault below HTTP/1.1.</summary>
    public void CountMalformed(HttpFault fault)
    {
        _loop.Context.Metrics.RequestMalformed(HttpFaults.NameOf(fault));
        RecordRefused(HttpFaults.StatusOf(fault), 0, HttpFaults.NameOf(fault), []);
    }

    /// <summary>Refuses an invalid request, and closes.</summary>
    /// <param name="reason">For the access log, from a fixed set.</param>
    /// <param name="bytes">The bytes received of the request.</param>
    private void Refuse(Problem problem, string reason, ReadOnlySpan<byte> bytes)
    {
        var settings = _loop.Context.State.Current.Settings;
        (_closes, _readToEnd, Id, Call) = (true, false, null, default); // What was parsed last may belong to another request.
        RecordRefused(problem.Status, Answers.Problem(problem, settings.GatewayId, isHead: false), reason, bytes);
        Leave();
    }

    /// <summary>Serves one request; returns the number of bytes used of it and its body.</summary>
    private int Serve(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var request = _loop.Request;
        var context = _loop.Context;
        _closes |= !request.IsPersistent;
        _readToEnd = request.Body.Kind == BodyKind.None;
        (Id, Tally, Call) = (null, _loop.Routes.None, default);
        if (request.Method == "CONNECT")
        {
            Refuse(Problem.NoConnect, "connect", head);
            return head.Length;
        }

        var routing = context.State.Current;
        if (Answers.TryCheck(request, head))
        {
            return SkipBody(request, head, rest);
        }

        Identify(request, head, routing.Settings);
        BeginTrace(request, head);
        BeginRecord(request, head, routing.Settings);
        var isCallValid = GrpcCall.TryRead(request, head, _loop.Wire.Now, out var call);
        Call = call;
        var active = context.Metrics.RequestBegun();
        if (active > routing.Settings.Limits.MaxConnections)
        {
            return Shed(null, routing, request, head, rest);
        }

        var routed = _loop.Router.Route(request, head, routing, Address);
        RecordRoute(routed);
        if ((routing.Served is not null || routed.Route?.Actions is { IsGuarded: true }) && RequestGuard.Judge(_loop, routing, routed.Route, request, head, Address) is { } refusal)
        {
            routed = routed with { Kind = RoutingKind.Refused, Problem = refusal };
        }

        if (!isCallValid && routed.Kind == RoutingKind.Pool)
        {
            routed = routed with { Kind = RoutingKind.Refused, Problem = Problem.BadGrpcTimeout };
        }

        switch (routed.Kind)
        {
            case RoutingKind.Pool when routed.Route?.Settings.Priority == RequestPriority.Sheddable && active > PriorityShare.Of(routing.Settings.Limits.MaxConnections, RequestPriority.Sheddable):
                return Shed(routed.Pool, routing, request, head, rest);
            case RoutingKind.Pool:
                _phase = Phase.Exchanging;
                Channel.Deadline = 0;
                return head.Length + _exchange.Begin(routed, request, head, rest, routing.Settings, TakeRecord());
            case RoutingKind.Answered:
                context.Metrics.RequestEnded();
                var (given, bytes) = Answers.OfRoute(routed.Route!.Actions!, _loop.Router, request, head);
                RecordAnswered(given, bytes);
                return SkipBody(request, head, rest);
            case RoutingKind.ToTls:
                context.Metrics.RequestEnded();
                RecordAnswered(StatusCodes.Status308PermanentRedirect, Answers.ToTls(_loop.Router.LocationOverTls(request, head, routing.Settings), request));
                return SkipBody(request, head, rest);
            case RoutingKind.LastStop:
                context.Metrics.RequestEnded();
                var (status, length) = Answers.LastStop(request, routing.Settings.GatewayId);
                RecordAnswered(status, length);
                return SkipBody(request, head, rest);
            default:
                context.Metrics.RequestEnded();
                _closes |= routed.Problem!.Status == StatusCodes.Status413PayloadTooLarge || (head[request.TargetStart] != '/' && _loop.Router.Plane == HttpcgPlane.None);
                return Answer(routed.Problem, routed.Pool, routing, request, head, rest);
        }
    }

    private void Identify(RequestHead request, ReadOnlySpan<byte> head, GatewaySettings settings)
    {
        if (settings.RequestId.Enabled)
        {
            (Id, _echoesId) = (_ids ??= new(), settings.RequestId.Echo);
            _ids.Take(request, head, Address, settings.TrustedProxies);
        }
    }

    /// <summary>Refuses a request beyond the limit.</summary>
    private int Shed(Pool? pool, GatewayState.Routing routing, RequestHead request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        _loop.Context.Metrics.RequestEnded();
        _loop.Context.Metrics.RequestShed();
        return Answer(Problem.TooManyRequests, pool, routing, request, head, rest);
    }

    private int Answer(Problem problem, Pool? pool, GatewayState.Routing routing, RequestHead request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var begun = _loop.Wire.Timestamp;
        var length = Answers.Problem(problem, routing.Settings.GatewayId, request.Method == "HEAD");
        RecordProblem(problem, length);
        var duration = _loop.Context.Clock.GetElapsedTime(begun);
        _loop.Context.Metrics.OfNone(pool?.Name).Of(request.Method).Ended(problem.Status, duration, 0, length);
        Tally.Ended(duration, problem.Status);
        return SkipBody(request, head, rest);
    }

    /// <summary>After an answer of the gateway's own: skips a body that is all here; one still to come ends the connection.</summary>
    private int SkipBody(RequestHead request, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var body = request.Body;
        var taken = body.Take(rest);
        if (Leaves || (!body.IsDone && !IsConversation) || body.Fault != HttpFault.None)
        {
            _readToEnd &= body.IsDone;
            Leave();
        }
        else if (!body.IsDone)
        {
            SkipTo(body);
        }
        else
        {
            Channel.Deadline = IdleDeadline;
        }

        return head.Length + taken;
    }
}
