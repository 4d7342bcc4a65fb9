using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using Gateway.Core.Outcomes;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http2;

/// <summary>
/// One attempt over a stream of an HTTP/2 connection: the request out, the answer back, both as streams and both at once. Made for one attempt,
/// disposed of after it.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "A timer may be about to cancel the source, which has nothing to dispose of.")]
internal sealed class Http2Attempt : IDisposable
{
    private readonly Exchange _exchange;
    private readonly HttpContext _context;
    private readonly Http2Pool _pool;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly AttemptDeadline _deadline;
    private Http2Connection _connection = null!;
    private Http2Upload? _upload;
    private AnswerRelay? _relay;
    private int _cause;
    private bool _headWritten;
    private volatile bool _headTaken;
    private int _status;
    private TimeSpan _sentAt;
    private TimeSpan _headAt;
    private bool _stale;

    public Http2Attempt(Exchange exchange, Http2Pool pool, TimeProvider clock)
    {
        (_exchange, _context, _pool, _clock) = (exchange, exchange.Context, pool, clock);
        _deadline = new(exchange.Deadline, clock, OnDeadline);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    private bool FullySent => _sentAt != default;

    private StopCause Cause => (StopCause)Volatile.Read(ref _cause);

    /// <summary>Runs to the end of the exchange. Does not throw for what endpoint, client or clock do.</summary>
    public async ValueTask<AttemptReport> RunAsync()
    {
        using var gone = _exchange.ClientGone.UnsafeRegister(static attempt => ((Http2Attempt)attempt!).Stop(StopCause.ClientGone), this);
        while (true)
        {
            _connection = _pool.Enter(_exchange.NeedsNewConnection, out var limit);
            try
            {
                if (await RunOnceAsync(limit) is { } report)
                {
                    return report;
                }
            }
            finally
            {
                _connection.Exit(_headWritten);
            }
        }
    }

    /// <summary>Ends the attempt from this side; the first cause counts.</summary>
    public void Stop(StopCause cause)
    {
        if (Interlocked.CompareExchange(ref _cause, (int)cause, (int)StopCause.None) == (int)StopCause.None)
        {
            _stop.Cancel();
        }
    }

    /// <summary>The head is about to be written. Throws when it has been before: what is sent again is sent by the gateway's own rules.</summary>
    public void OnHeadWritten()
    {
        if (_headWritten)
        {
            throw new ResendException();
        }

        _headWritten = true;
        _connection.OnStream();
        if (_upload is null)
        {
            OnSent();
        }
    }

    /// <summary>The request is sent to its end: from here on it is the endpoint that is waited for.</summary>
    public void OnSent()
    {
        _sentAt = Now;
        var limit = _sentAt + _exchange.Pool.Timeouts.EffectiveTry;
        if (!_headTaken)
        {
            _deadline.MoveTo(limit < _exchange.Deadline ? limit : _exchange.Deadline);
            OnUploaded(); // A head that has come meanwhile has moved it already.
        }
    }

    /// <summary>Some of the body was sent: after the head, a sign of life.</summary>
    public void OnUploaded()
    {
        if (_headTaken)
        {
            OnBody();
        }
    }

    /// <summary>Something of the answer came, or the client took it.</summary>
    public void OnBody() => _deadline.MoveTo(Now + _exchange.Pool.Timeouts.Idle);

    /// <summary>It is the client that is waited for.</summary>
    public void OnBlocked() => _deadline.MoveTo(AttemptDeadline.Never);

    public void Dispose() => _deadline.Dispose();

    private void OnDeadline() =>
        Stop(!FullySent && _exchange.Body is { AwaitsClient: true } ? StopCause.ClientSlow : StopCause.Deadline);

    /// <summary>Null: the connection turned out to have no room, and nothing was sent.</summary>
    private async ValueTask<AttemptReport?> RunOnceAsync(int limit)
    {
        try
        {
            await _connection.ConnectAsync(_stop.Token);
        }
        catch (Exception error)
        {
            // A limit of this process is not the endpoint's fault.
            return Report(EndBySelf() ?? (OpenFileLimit.IsCauseOf(error) ? AttemptEnd.Saturated : AttemptEnd.NotConnected), error);
        }

        _upload = _exchange.Body is { } body ? new Http2Upload(body, this) : null;
        using var request = RequestFields.RequestOf(_exchange, _pool.Address, _upload);
        request.Options.Set(Http2Connection.HeadWritten, OnHeadWritten);
        try
        {
            using var answer = await _connection.SendAsync(request, _stop.Token);
            _connection.OnAnswer();
            return Report(await TakeAsync(answer), null);
        }
        catch (Exception error) when (!_headWritten && Cause == StopCause.None && Http2Faults.IsNoRoom(error))
        {
            _connection.OnNoRoom(limit);
            return null;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException or InvalidDataException or ResendException)
        {
            return Report(EndOf(error), error);
        }
        finally
        {
            if (_upload is not null)
            {
                await _upload.StopAsync();
            }
        }
    }

    private async ValueTask<AttemptEnd> TakeAsync(HttpResponseMessage answer)
    {
        (_status, _headAt, _headTaken) = ((int)answer.StatusCode, Now, true);
        _upload?.HeadKnown();
        if (!AnswerFields.IsWellFormed(answer, out var length))
        {
            throw new InvalidDataException("the answer's head is malformed");
        }

        if (!_exchange.PassOn(new AnswerHead(_status, FullySent, answer.Headers.RetryAfter?.Delta, _headAt), bodyIsRead: _upload is { IsRead: false }))
        {
            return AttemptEnd.Discarded;
        }

        OnBody();
        if (!AnswerFields.TryCopy(answer, _context.Response, _exchange.Fields.Via))
        {
            throw new InvalidDataException("the answer's head has a field that cannot be passed on");
        }

        if (AnswerFields.IsBodiless(answer, _context.Request.Method))
        {
            return AttemptEnd.Answered;
        }

        _relay = new AnswerRelay(_context, this, answer, length);
        return await _relay.CopyAsync(_stop.Token) ? AttemptEnd.Answered : AttemptEnd.BodyAbandoned;
    }

    private AttemptEnd EndOf(Exception error)
    {
        var silent = _connection.SilentFor(Now) >= _pool.Policy.PingInterval;
        var end = Http2Faults.EndOf(error, silent, _connection.HasEnded);
        if (!_headTaken)
        {
            if (!_headWritten || Http2Faults.IsNoRoom(error))
            {
                _connection.Leave();
            }

            _stale = end == AttemptEnd.Broken && _connection.HasAnswered && _connection.HasEnded;
            return EndBySelf() ?? (_headWritten || end == AttemptEnd.Malformed ? end : AttemptEnd.NotConnected);
        }

        if (Cause == StopCause.ClientGone)
        {
            return AttemptEnd.BodyAbandoned;
        }

        if (!_context.Response.HasStarted && _relay is not { HasWritten: true })
        {
            return end;
        }

        // A broken stream is the only honest end: the client must not take what it has for the whole.
        _context.Abort();
        return Cause == StopCause.ClientSlow ? AttemptEnd.BodyAbandoned : AttemptEnd.BodyBroken;
    }

    /// <summary>How it ended where it was ended from this side, before a head.</summary>
    private AttemptEnd? EndBySelf()
    {
        switch (Cause)
        {
            case StopCause.ClientGone:
                return AttemptEnd.ClientGone;
            case StopCause.ClientFault:
                _status = _upload?.ClientFault ?? StatusCodes.Status400BadRequest;
                return AttemptEnd.BadRequestBody;
            case StopCause.ClientSlow:
                _status = StatusCodes.Status408RequestTimeout;
                return AttemptEnd.BadRequestBody;
            case StopCause.Deadline:
                return Now >= _exchange.Deadline ? AttemptEnd.RequestTimeout : AttemptEnd.TryTimeout;
            default:
                return null;
        }
    }

    private AttemptReport Report(AttemptEnd end, Exception? error)
    {
        if (!_context.Response.HasStarted && end is not (AttemptEnd.Answered or AttemptEnd.BodyAbandoned or AttemptEnd.BodyBroken))
        {
            _context.Response.Clear();
        }

        var waited = FullySent ? (_headTaken ? _headAt : Now) - _sentAt : TimeSpan.Zero;
        if (!_headTaken && waited >= _exchange.Pool.Timeouts.EffectiveTry && _connection.SilentFor(Now) >= waited / 2)
        {
            // But for what a connection says at its begin, silent all that time: it may be dead, and nobody else should have to find out.
            _connection.Leave();
        }

        return new AttemptReport(
            end, _status, FullySent, waited, Tls: end == AttemptEnd.NotConnected && error is AuthenticationException, error is null ? null : Http2Faults.DetailOf(error))
        {
            AnswerBytes = end is AttemptEnd.Answered or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned ? _relay?.BodyBytes ?? 0 : null,
            Stale = _stale,
        };
    }
}
