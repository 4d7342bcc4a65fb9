using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Outcomes;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The attempt under way on one connection: the request out, the answer back, both as streams and both at once. Owns the connection until it
/// has returned or closed it. No timer of its own: the pool's clean-up closes the connection when a deadline passes, and the attempt says why.
/// One for each connection, since attempts follow one another there; between them it holds nothing of theirs.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync is the whole life of an attempt and ends its upload.")]
internal sealed class Http1Attempt
{
    private readonly ConnectionPool _pool;
    private readonly Http1Connection _connection;
    private readonly TransportClock _clock;
    private readonly BodyRelay _relay;
    private Exchange _exchange = null!;
    private HttpContext _context = null!;
    private bool _isHead;
    private RequestUpload? _upload;
    private bool _headTaken;
    private TimeSpan? _keepAlive;
    private int _status;
    private long _sentAt;
    private long _headAt;

    public Http1Attempt(ConnectionPool pool, Http1Connection connection, TransportClock clock)
    {
        (_pool, _connection, _clock) = (pool, connection, clock);
        _relay = new BodyRelay(connection, clock);
    }

    private bool FullySent => _sentAt != 0;

    /// <summary>Runs to the end of the exchange. Does not throw for what endpoint, client or clock do.</summary>
    /// <remarks>One state machine from the write to the answer's end: each further one costs a request as much as parsing the head.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptReport> RunAsync(Exchange exchange)
    {
        Begin(exchange);
        var (clean, end) = (false, AttemptEnd.Broken);
        string? detail = null;
        AttemptReport report = default;
        var gone = exchange.ClientGone.UnsafeRegister(
            static connection => ((Http1Connection)connection!).Abort(CloseCause.ClientGone), _connection);
        try
        {
            if (WriteHead() is var fault and not WriteFault.None)
            {
                (end, detail, clean) = (AttemptEnd.BadRequestBody, $"the request cannot be sent: {fault}", true);
                _status = StatusCodes.Status400BadRequest;
            }
            else
            {
                var sending = Send();
                if (!sending.IsCompletedSuccessfully)
                {
                    await sending;
                    OnSent(_clock.Now);
                }

                HeadResult result;
                while ((result = ParseHead()).State != HeadState.Done || _connection.Parser.Head.IsInterim)
                {
                    if (result.State == HeadState.Done)
                    {
                        await TakeInterimAsync(_connection.Parser.Head, _connection.Input[..result.Consumed]);
                        _connection.Consume(result.Consumed);
                    }
                    else if (await _connection.FillAsync(CodecLimits.Default.MaxHead) == 0)
                    {
                        throw new EndOfStreamException("the connection ended before the answer's head");
                    }
                }

                var head = _connection.Parser.Head;
                var framing = TakeHead(head);
                if (!PassOn(head, result.Consumed))
                {
                    end = AttemptEnd.Discarded;
                    clean = head.IsPersistent(_isHead) && FullySent && await AnswerDrain.RunAsync(_connection, framing, _clock);
                }
                else if (head.Status == StatusCodes.Status101SwitchingProtocols)
                {
                    end = await new Tunnel(_connection, _clock, _context, _exchange.Pool.Timeouts.Idle).RunAsync(gone);
                }
                else
                {
                    var whole = await _relay.CopyAsync(framing, head);
                    (end, clean) = whole ? (AttemptEnd.Answered, head.IsPersistent(_isHead)) : (AttemptEnd.BodyAbandoned, false);
                }
            }
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

            report = Report(end, detail);
            Finish(clean && _upload is not { IsDone: false });
        }

        return report;
    }

    private void Begin(Exchange exchange)
    {
        (_exchange, _context) = (exchange, exchange.Context);
        _isHead = HttpMethods.IsHead(_context.Request.Method);
        _relay.Begin(_context, _clock.Ticks(exchange.Pool.Timeouts.Idle));
        (_upload, _headTaken, _keepAlive, _status, _sentAt, _headAt) = (null, false, null, 0, 0, 0);
    }

    private WriteFault WriteHead()
    {
        var head = RequestHead.Of(_exchange, _pool.Address);
        _connection.Output.Truncate(0);
        var fault = RequestHeadWriter.Write(_connection.Output, head);
        if (fault == WriteFault.None && _exchange.Body is { } body)
        {
            _upload = new RequestUpload(_connection, body, head.Framing, head.ExpectsContinue, () => OnSent(_clock.Now));
        }

        return fault;
    }

    /// <summary>Sends the head; a body follows by its own. A write that is not done at once says so: the request is sent when it is.</summary>
    private ValueTask Send()
    {
        if (_upload is not null)
        {
            _connection.SetDeadline(_clock.Ticks(_exchange.Deadline));
            _upload.Begin();
            return default;
        }

        var begun = _clock.Now;
        var written = _connection.WriteAsync(_connection.Output.WrittenMemory);
        if (written.IsCompletedSuccessfully)
        {
            OnSent(begun); // A write that the kernel takes at once takes no time worth another look at the clock.
        }
        else
        {
            _connection.SetDeadline(_clock.Ticks(_exchange.Deadline));
        }

        return written;
    }

    /// <summary>From here on it is the endpoint that is waited for.</summary>
    private void OnSent(long now)
    {
        _sentAt = now;
        if (!_headTaken)
        {
            var limit = _sentAt + _clock.Ticks(_exchange.Pool.Timeouts.EffectiveTry);
            _connection.SetDeadline(Math.Min(limit, _clock.Ticks(_exchange.Deadline)));
        }
    }

    private HeadResult ParseHead()
    {
        var input = _connection.Input;
        var result = input.IsEmpty ? HeadResult.NeedMore : _connection.Parser.Parse(input.Span);
        return result.State != HeadState.Malformed ? result : throw new InvalidDataException($"the answer's head is malformed: {result.Fault}");
    }

    private ValueTask TakeInterimAsync(ResponseHead head, ReadOnlyMemory<byte> bytes)
    {
        if (head.Status == StatusCodes.Status100Continue)
        {
            _upload?.Continue();
            return default;
        }

        return _upload is null ? HeadRelay.InterimAsync(_context, head, bytes) : _upload.InterjectAsync(_context, head, bytes);
    }

    /// <summary>A final head has come: what it says of the exchange, and how its body ends.</summary>
    private BodyFraming TakeHead(ResponseHead head)
    {
        if (head.Status == StatusCodes.Status101SwitchingProtocols && !(head.HasUpgrade && HopByHop.IsWebSocket(_context.Request)))
        {
            throw new InvalidDataException("the answer switches protocols, which the request did not ask for");
        }

        var framing = head.FramingOf(_isHead);
        if (head.Status == StatusCodes.Status205ResetContent && framing.Kind is BodyKind.Length or BodyKind.Chunked)
        {
            throw new InvalidDataException("a reset comes with content"); // RFC 9110 15.3.6
        }

        (_status, _headAt, _headTaken) = (head.Status, _clock.Now, true);
        _keepAlive = head.KeepAliveTimeout;
        return framing;
    }

    /// <summary>Gives the client the head, unless another attempt follows.</summary>
    private bool PassOn(ResponseHead head, int consumed)
    {
        var section = _connection.Input.Span[..consumed];
        var refused = _upload?.Refuse() == true;
        var goesOn = _exchange.Gate.PassOn(new AnswerHead(head.Status, FullySent, HeadRelay.RetryAfterOf(head, section), _clock.Reading(_headAt)));
        if (goesOn)
        {
            _connection.SetDeadline(_headAt + _clock.Ticks(_exchange.Pool.Timeouts.Idle));
            _connection.Answer.CopyTo(_context, head, section, _exchange.Fields.Via, closeClient: refused);
        }

        _connection.Consume(consumed);
        return goesOn;
    }

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

    /// <summary>The last of it: once the connection is returned, the next attempt may have begun.</summary>
    private void Finish(bool clean)
    {
        var returned = clean && (FullySent || _status == StatusCodes.Status400BadRequest && !_headTaken);
        var keepAlive = _keepAlive;
        _relay.End();
        (_exchange, _context, _upload) = (null!, null!, null);
        if (returned)
        {
            _pool.Return(_connection, keepAlive);
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
