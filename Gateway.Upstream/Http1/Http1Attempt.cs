using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>
/// One attempt on one connection: the request out, the answer back, both as streams and both at once. Owns the connection until it has
/// returned or closed it. No timer of its own: the pool's clean-up closes the connection when a deadline passes, and the attempt says why.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync is the whole life of an attempt and ends its upload.")]
internal sealed class Http1Attempt
{
    /// <summary>What is read of an answer that is not passed on, in bytes, to keep its connection; beyond that it is closed.</summary>
    private const int MaxDrain = 16 * 1024;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);

    private readonly Exchange _exchange;
    private readonly HttpContext _context;
    private readonly ConnectionPool _pool;
    private readonly Http1Connection _connection;
    private readonly TransportClock _clock;
    private readonly bool _isHead;
    private readonly BodyRelay _relay;
    private RequestUpload? _upload;
    private bool _headTaken;
    private int _status;
    private long _sentAt;
    private long _headAt;

    public Http1Attempt(Exchange exchange, ConnectionPool pool, Http1Connection connection, TransportClock clock)
    {
        _exchange = exchange;
        _context = exchange.Context;
        _pool = pool;
        _connection = connection;
        _clock = clock;
        _isHead = HttpMethods.IsHead(_context.Request.Method);
        _relay = new BodyRelay(_context, connection, clock.Ticks(exchange.Pool.Timeouts.Idle), clock);
    }

    private bool FullySent => _sentAt != 0;

    /// <summary>Runs to the end of the exchange. Does not throw for what endpoint, client or clock do.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptReport> RunAsync()
    {
        var clean = false;
        var end = AttemptEnd.Broken;
        string? detail = null;
        var gone = ClientGone().UnsafeRegister(
            static connection => ((Http1Connection)connection!).Abort(CloseCause.ClientGone), _connection);
        try
        {
            _connection.SetDeadline(_clock.Ticks(_exchange.Deadline));
            if (WriteHead() is var fault and not WriteFault.None)
            {
                (end, detail, clean) = (AttemptEnd.BadRequestBody, $"the request cannot be sent: {fault}", true);
                _status = StatusCodes.Status400BadRequest;
                return Report(end, detail);
            }

            await SendAsync();
            (end, clean) = await ReceiveAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidDataException or OperationCanceledException)
        {
            (end, detail) = (EndOf(error), error.Message);
        }
        finally
        {
            gone.Dispose();
            if (_upload is not null)
            {
                if (!_upload.IsEnding)
                {
                    _connection.Close(); // It cannot be used again, and the endpoint may never take what is being written.
                }

                await _upload.DisposeAsync();
            }

            Finish(clean && _upload is not { IsDone: false });
        }

        return Report(end, detail);
    }

    private CancellationToken ClientGone() =>
        _context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? _context.RequestAborted;

    private WriteFault WriteHead()
    {
        var request = _context.Request;
        var host = _exchange.Pool.Host.Mode switch
        {
            HostMode.Endpoint => _pool.Address.Label,
            HostMode.Fixed => _exchange.Pool.Host.Value ?? "",
            _ => request.Host.Value is { Length: > 0 } own ? own : _pool.Address.Label,
        };
        var framing = _exchange.Body is null ? (request.ContentLength is 0 ? BodyFraming.Length(0) : BodyFraming.None)
            : request.ContentLength is { } length ? BodyFraming.Length(length)
            : BodyFraming.Chunked;
        var output = _connection.Output;
        output.Truncate(0);
        var expects = _exchange.Body is not null && RequestUpload.Expects(request);
        var fault = RequestHeadWriter.Write(
            output, new RequestHead(request.Method, _exchange.Target, host, request.Headers, _exchange.Fields, framing, expects));
        if (fault == WriteFault.None && _exchange.Body is { } body)
        {
            _upload = new RequestUpload(_connection, body, framing, expects, OnSent);
        }

        return fault;
    }

    private ValueTask SendAsync()
    {
        if (_upload is not null)
        {
            _upload.Begin();
            return default;
        }

        var written = _connection.WriteAsync(_connection.Output.WrittenMemory);
        if (!written.IsCompletedSuccessfully)
        {
            return Finish(written);
        }

        OnSent();
        return default;

        async ValueTask Finish(ValueTask pending)
        {
            await pending;
            OnSent();
        }
    }

    /// <summary>From here on it is the endpoint that is waited for.</summary>
    private void OnSent()
    {
        _sentAt = _clock.Now;
        if (!_headTaken)
        {
            var limit = _sentAt + _clock.Ticks(_exchange.Pool.Timeouts.EffectiveTry);
            _connection.SetDeadline(Math.Min(limit, _clock.Ticks(_exchange.Deadline)));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(AttemptEnd End, bool Clean)> ReceiveAsync()
    {
        var parser = _connection.Parser;
        while (true)
        {
            var input = _connection.Input;
            var result = input.IsEmpty ? HeadResult.NeedMore : parser.Parse(input.Span);
            switch (result.State)
            {
                case HeadState.NeedMore:
                    if (!await _connection.FillAsync(CodecLimits.Default.MaxHead))
                    {
                        throw new EndOfStreamException("the connection ended before the answer's head");
                    }

                    break;
                case HeadState.Malformed:
                    throw new InvalidDataException($"the answer's head is malformed: {result.Fault}");
                case HeadState.Done when parser.Head.IsInterim:
                    await TakeInterimAsync(parser.Head, input[..result.Consumed]);
                    _connection.Consume(result.Consumed);
                    break;
                default:
                    return await AnswerAsync(parser.Head, result.Consumed);
            }
        }
    }

    private ValueTask TakeInterimAsync(ResponseHead head, ReadOnlyMemory<byte> bytes)
    {
        if (head.Status == StatusCodes.Status100Continue)
        {
            _upload?.Continue();
            return default;
        }

        return _upload is null ? HeadRelay.InterimAsync(_context, head, bytes) : default;
    }

    private async ValueTask<(AttemptEnd End, bool Clean)> AnswerAsync(ResponseHead head, int consumed)
    {
        if (head.Status == StatusCodes.Status101SwitchingProtocols)
        {
            throw new InvalidDataException("the answer switches protocols, which the request did not ask for");
        }

        var section = _connection.Input[..consumed];
        var persistent = head.IsPersistent(_isHead);
        var framing = head.FramingOf(_isHead);
        if (head.Status == StatusCodes.Status205ResetContent && framing.Kind is BodyKind.Length or BodyKind.Chunked)
        {
            throw new InvalidDataException("a reset comes with content"); // RFC 9110 15.3.6
        }

        (_status, _headAt, _headTaken) = (head.Status, _clock.Now, true);
        KeepAlive = head.KeepAliveTimeout;
        var refused = _upload?.Refuse() == true;
        if (!_exchange.Gate.PassOn(new AnswerHead(head.Status, FullySent, HeadRelay.RetryAfterOf(head, section.Span))))
        {
            _connection.Consume(consumed);
            return (AttemptEnd.Discarded, persistent && FullySent && await _relay.DrainAsync(framing, MaxDrain, DrainPatience));
        }

        _connection.SetDeadline(_clock.Now + _clock.Ticks(_exchange.Pool.Timeouts.Idle));
        HeadRelay.Copy(_context, _connection.Strings, head, section.Span, _exchange.Fields.Via, closeClient: refused);
        _connection.Consume(consumed);
        var whole = await _relay.CopyAsync(framing, head);
        return whole ? (AttemptEnd.Answered, persistent) : (AttemptEnd.BodyAbandoned, false);
    }

    private TimeSpan? KeepAlive { get; set; }

    private AttemptEnd EndOf(Exception error)
    {
        if (_headTaken)
        {
            return EndOfBody(error);
        }

        if (_upload?.ClientFault is { } status)
        {
            _status = status;
            return status == 0 ? AttemptEnd.ClientGone : AttemptEnd.BadRequestBody;
        }

        return (_connection.Cause, error) switch
        {
            (CloseCause.ClientGone, _) => AttemptEnd.ClientGone,
            (CloseCause.Deadline, _) => _clock.Now >= _clock.Ticks(_exchange.Deadline) ? AttemptEnd.RequestTimeout : AttemptEnd.TryTimeout,
            (_, InvalidDataException) => AttemptEnd.Malformed,
            _ => AttemptEnd.Broken,
        };
    }

    private AttemptEnd EndOfBody(Exception error)
    {
        if (_connection.Cause == CloseCause.ClientGone || _relay.ClientGone)
        {
            return AttemptEnd.BodyAbandoned;
        }

        if (!_context.Response.HasStarted && !_relay.HasWritten)
        {
            return error is InvalidDataException ? AttemptEnd.Malformed : AttemptEnd.Broken;
        }

        // A broken connection is the only honest end: the client must not take what it has for the whole.
        _context.Abort();
        return AttemptEnd.BodyBroken;
    }

    private void Finish(bool clean)
    {
        if (clean && (FullySent || _status == StatusCodes.Status400BadRequest && !_headTaken))
        {
            _pool.Return(_connection, KeepAlive);
        }
        else
        {
            _connection.Close();
        }
    }

    private AttemptReport Report(AttemptEnd end, string? detail)
    {
        if (!_context.Response.HasStarted && end is not (AttemptEnd.Answered or AttemptEnd.BodyAbandoned or AttemptEnd.BodyBroken))
        {
            _context.Response.Clear();
        }

        var until = _headTaken ? _headAt : _clock.Now;
        return new AttemptReport(end, _status, FullySent, FullySent ? _clock.Span(until - _sentAt) : TimeSpan.Zero, Detail: detail)
        {
            AnswerBytes = end is AttemptEnd.Answered or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned ? _relay.BodyBytes : null,
            Stale = end == AttemptEnd.Broken && !_headTaken && _connection.Reused,
        };
    }
}
