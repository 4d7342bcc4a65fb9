using Gateway.Core.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream.Forwarding;

/// <summary>
/// What is known of one attempt while the forwarder carries it out: whether a connection was had, whether the request was fully sent,
/// whether a head was passed on, and which clock ended it. Made for one attempt, disposed of after it.
/// </summary>
internal sealed class ForwarderAttempt : IDisposable
{
    public static readonly HttpRequestOptionsKey<ForwarderAttempt> Key = new("gateway.attempt");

    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _timer;
    private readonly TimeSpan _deadline;
    private TimeSpan _sentAt;
    private CountingStream? _body;

    public ForwarderAttempt(Exchange exchange, TimeProvider clock)
    {
        Exchange = exchange;
        _clock = clock;
        _deadline = exchange.Deadline;
        _timer = new CancellationTokenSource(Left(Now), clock);
    }

    private enum HeadFate
    {
        None,
        PassedOn,
        Discarded,
        Malformed,
    }

    public Exchange Exchange { get; }

    public CancellationToken Token => _timer.Token;

    /// <summary>Fields that belong to the content, set aside until there is one.</summary>
    public List<KeyValuePair<string, StringValues>> ContentFields { get; } = [];

    private bool Connected { get; set; }

    private bool FullySent { get; set; }

    private HeadFate Head { get; set; }

    private int Status { get; set; }

    private TimeSpan Waited { get; set; }

    private bool HasStarted => Exchange.Context.Response.HasStarted;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>A connection is there and the request begins to be written.</summary>
    public void OnConnected() => Connected = true;

    /// <summary>The request is sent to its end: from here on it is the endpoint that is waited for.</summary>
    public void OnSent()
    {
        _sentAt = Now;
        FullySent = true;
        var (left, limit) = (Left(_sentAt), Exchange.Pool.Timeouts.EffectiveTry);
        if (Head == HeadFate.None)
        {
            _timer.CancelAfter(limit < left ? limit : left);
        }
    }

    /// <summary>A head has come; answers whether it is passed on. Stops the clocks that run until the head.</summary>
    public bool OnHead(HttpResponseMessage response, bool wellFormed)
    {
        Status = (int)response.StatusCode;
        Waited = SinceSent();
        if (!wellFormed)
        {
            Head = HeadFate.Malformed;
            return false;
        }

        var head = new AnswerHead(Status, FullySent, response.Headers.RetryAfter?.Delta);
        Head = Exchange.Gate.PassOn(head) ? HeadFate.PassedOn : HeadFate.Discarded;
        if (Head == HeadFate.PassedOn)
        {
            _timer.CancelAfter(Timeout.InfiniteTimeSpan);
            CountBody();
        }

        return Head == HeadFate.PassedOn;
    }

    /// <summary>What the attempt came to, in the gateway's own words.</summary>
    public AttemptReport Report(ForwarderError error, Exception? exception)
    {
        var end = EndOf(error, exception);
        var waited = Head == HeadFate.None ? SinceSent() : Waited;
        var status = end == AttemptEnd.BadRequestBody ? Exchange.Context.Response.StatusCode : Status;
        var tls = exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
        return new(end, status, FullySent, waited, tls, exception is null ? null : Innermost(exception).Message)
        {
            AnswerBytes = Head == HeadFate.PassedOn ? _body?.BytesWritten ?? 0 : null,
        };
    }

    public void Dispose()
    {
        if (_body is not null)
        {
            Exchange.Context.Response.Body = _body.Client;
        }

        _timer.Dispose();
    }

    private void CountBody()
    {
        var response = Exchange.Context.Response;
        if (Status is not (101 or 204 or 304) && !HttpMethods.IsHead(Exchange.Context.Request.Method))
        {
            response.Body = _body = new CountingStream(response.Body);
        }
    }

    private AttemptEnd EndOf(ForwarderError error, Exception? exception) => Head switch
    {
        HeadFate.PassedOn => EndOfBody(error, exception),
        HeadFate.Discarded => AttemptEnd.Discarded,
        HeadFate.Malformed => AttemptEnd.Malformed,
        _ when Exchange.Context.RequestAborted.IsCancellationRequested => AttemptEnd.ClientGone,
        _ when _timer.IsCancellationRequested => Left(Now) > TimeSpan.Zero ? AttemptEnd.TryTimeout : AttemptEnd.RequestTimeout,
        _ => EndWithoutHead(error, exception),
    };

    private AttemptEnd EndOfBody(ForwarderError error, Exception? exception) => error switch
    {
        ForwarderError.None or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => AttemptEnd.Answered,

        // The server would not take a body that the status has none of, and the client is still there.
        ForwarderError.ResponseBodyClient when !HasStarted && !Exchange.Context.RequestAborted.IsCancellationRequested => AttemptEnd.Malformed,
        ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient or ForwarderError.ResponseBodyClient
            => AttemptEnd.BodyAbandoned,

        // Before the client is looked at: to break the answer off, the forwarder has aborted the client's connection itself.
        ForwarderError.ResponseBodyDestination => EndOfBrokenBody(exception),
        _ when Exchange.Context.RequestAborted.IsCancellationRequested => AttemptEnd.BodyAbandoned,
        ForwarderError.RequestBodyDestination when HasStarted => AttemptEnd.Answered,
        ForwarderError.UpgradeActivityTimeout or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled
            => AttemptEnd.BodyAbandoned,
        _ => EndOfBrokenBody(exception),
    };

    /// <summary>A head that was taken in but not yet written is no answer: for the client nothing has begun.</summary>
    private AttemptEnd EndOfBrokenBody(Exception? exception) =>
        HasStarted ? AttemptEnd.BodyBroken
        : exception is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } ? AttemptEnd.Malformed
        : AttemptEnd.Broken;

    private AttemptEnd EndWithoutHead(ForwarderError error, Exception? exception) => (error, exception) switch
    {
        (ForwarderError.RequestBodyClient or ForwarderError.RequestCreation, _) => AttemptEnd.BadRequestBody,
        (ForwarderError.RequestBodyDestination, _) => AttemptEnd.Broken,
        (_, HttpRequestException known) => EndOf(known.HttpRequestError),
        (ForwarderError.RequestTimedOut, _) => Connected ? AttemptEnd.TryTimeout : AttemptEnd.NotConnected,
        _ => Connected ? AttemptEnd.Broken : AttemptEnd.NotConnected,
    };

    private AttemptEnd EndOf(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            => AttemptEnd.NotConnected,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
            or HttpRequestError.VersionNegotiationError => AttemptEnd.Malformed,
        _ => Connected ? AttemptEnd.Broken : AttemptEnd.NotConnected,
    };

    private TimeSpan SinceSent() => FullySent ? Now - _sentAt : TimeSpan.Zero;

    private TimeSpan Left(TimeSpan now) => _deadline > now ? _deadline - now : TimeSpan.Zero;

    private static Exception Innermost(Exception exception) =>
        exception is AggregateException { InnerExceptions.Count: > 0 } many ? Innermost(many.InnerExceptions[0])
        : exception.InnerException is { } inner ? Innermost(inner) : exception;
}
