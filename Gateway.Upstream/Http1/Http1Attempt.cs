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
    /// <summary>
    /// How long a whole answer waits for the last piece of its request, which mostly is being taken at that very moment; an endpoint that has
    /// answered and reads no more costs its connection.
    /// </summary>
    private static readonly TimeSpan Leftover = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionPool _pool;
    private readonly Http1Connection _connection;
    private readonly TransportClock _clock;
    private readonly BodyRelay _relay;
    private readonly InterimRelay _interim = new();
    private readonly AttemptTimes _times;
    private readonly Action<bool> _onWritten;
    private Exchange _exchange = null!;
    private HttpContext _context = null!;
    private bool _isHead;
    private RequestUpload? _upload;
    private bool _discarded;
    private TimeSpan? _keepAlive;
    private int _status;

    public Http1Attempt(ConnectionPool pool, Http1Connection connection, TransportClock clock)
    {
        (_pool, _connection, _clock) = (pool, connection, clock);
        _relay = new BodyRelay(connection, clock);
        _times = new AttemptTimes(connection, clock);
        _onWritten = _times.OnBodyWritten;
    }

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
                    _times.OnSent(_clock.Now);
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
                    _discarded = true;
                    end = AttemptEnd.Discarded;
                    clean = head.IsPersistent(_isHead) && _times.FullySent && await AnswerDrain.RunAsync(_connection, framing, _clock);
                }
                else if (head.Status == StatusCodes.Status101SwitchingProtocols)
                {
                    end = await new Tunnel(_connection, _clock, _context, _exchange.Pool.Timeouts.Idle).RunAsync(gone);
                }
                else
                {
                    var whole = await _relay.SendHeadAsync(framing, head, mayWait: _times.FullySent) && await _relay.CopyAsync(framing, head);
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
                if (!_upload.IsDone && !(end == AttemptEnd.Answered && _upload.IsEnding && await _upload.EndsBeforeAsync(_clock.After(Leftover))))
                {
                    clean = false;
                    _connection.Close(); // It cannot be used again, and the endpoint may never take what is being written.
                }

                await _upload.DisposeAsync();
            }

            report = Report(end, detail);
            Finish(clean);
        }

        return report;
    }

    private void Begin(Exchange exchange)
    {
        (_exchange, _context) = (exchange, exchange.Context);
        _isHead = HttpMethods.IsHead(_context.Request.Method);
        _times.Begin(exchange);
        _relay.Begin(_context, _times.Idle);
        _interim.Begin();
        (_upload, _discarded, _keepAlive, _status) = (null, false, null, 0);
    }

    private WriteFault WriteHead()
    {
        var head = RequestHead.Of(_exchange, _pool.Address);
        _connection.Output.Truncate(0);
        var fault = RequestHeadWriter.Write(_connection.Output, head);
        if (fault == WriteFault.None && _exchange.Body is { } body)
        {
            _upload = new RequestUpload(_connection, body, head.Framing, head.ExpectsContinue, _onWritten);
        }

        return fault;
    }

    /// <summary>Sends the head; a body follows by its own. A write that is not done at once says so: the request is sent when it is.</summary>
    private ValueTask Send()
    {
        if (_upload is not null)
        {
            _times.OnSending();
            _upload.Begin();
            return default;
        }

        var begun = _clock.Now;
        var written = _connection.WriteAsync(_connection.Output.WrittenMemory);
        if (written.IsCompletedSuccessfully)
        {
            _times.OnSent(begun); // A write that the kernel takes at once takes no time worth another look at the clock.
        }
        else
        {
            _times.OnSending();
        }

        return written;
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
        }

        return _upload is null ? _interim.TakeAsync(head, bytes, _context) : _upload.InterjectAsync(_interim, _context, head, bytes);
    }

    /// <summary>A final head has come: what it says of the exchange, and how its body ends.</summary>
    private BodyFraming TakeHead(ResponseHead head)
    {
        if (head.Status == StatusCodes.Status101SwitchingProtocols && !(head.HasUpgrade && HopByHop.IsWebSocket(_context.Request)))
        {
            throw new InvalidDataException("the answer switches protocols, which the request did not ask for");
        }

        var framing = head.FramingOf(_isHead);
        _status = head.Status;
        _times.OnHead();
        _keepAlive = head.KeepAliveTimeout;
        return framing;
    }

    /// <summary>Gives the client the head, unless another attempt follows.</summary>
    private bool PassOn(ResponseHead head, int consumed)
    {
        var section = _connection.Input.Span[..consumed];
        var refused = _upload?.Refuse() == true;
        var goesOn = _exchange.PassOn(
            new AnswerHead(head.Status, _times.FullySent, HeadRelay.RetryAfterOf(head, section), _clock.Reading(_times.HeadAt)),
            bodyIsRead: _upload is { IsDone: false });
        if (goesOn)
        {
            _times.OnPassedOn();
            _connection.Answer.CopyTo(_context, head, section, _exchange.Fields.Via, closeClient: refused);
        }

        _connection.Consume(consumed);
        return goesOn;
    }

    private AttemptEnd EndOf(Exception error)
    {
        if (_times.HeadTaken)
        {
            return _discarded ? AttemptEnd.Discarded : EndOfBody(error); // Of the former all has been said at its head.
        }

        var awaited = _connection.Cause == CloseCause.Deadline && !_times.FullySent && _exchange.Body is { AwaitsClient: true };
        if ((awaited ? StatusCodes.Status408RequestTimeout : _upload?.ClientFault) is { } status)
        {
            _status = status;
            return status == 0 ? AttemptEnd.ClientGone : AttemptEnd.BadRequestBody;
        }

        return (_connection.Cause, error) switch
        {
            (CloseCause.ClientGone, _) => AttemptEnd.ClientGone,
            (CloseCause.Deadline, _) => _times.IsRequestOver ? AttemptEnd.RequestTimeout : AttemptEnd.TryTimeout,
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

        if (!_relay.HasBegun)
        {
            return error is InvalidDataException ? AttemptEnd.Malformed : AttemptEnd.Broken;
        }

        // A broken connection is the only honest end: the client must not take what it has for the whole.
        _context.Abort();
        var isClients = _connection.Cause == CloseCause.Deadline && _upload is { WaitsForClient: true };
        return isClients ? AttemptEnd.BodyAbandoned : AttemptEnd.BodyBroken;
    }

    /// <summary>The last of it: once the connection is returned, the next attempt may have begun.</summary>
    private void Finish(bool clean)
    {
        var returned = clean && (_times.FullySent || _status == StatusCodes.Status400BadRequest && !_times.HeadTaken);
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

        return new AttemptReport(end, _status, _times.FullySent, _times.Waited, Detail: detail)
        {
            AnswerBytes = end is AttemptEnd.Answered or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned ? _relay.BodyBytes : null,
            Stale = end == AttemptEnd.Broken && !_times.HeadTaken && _connection.Reused,
        };
    }
}
