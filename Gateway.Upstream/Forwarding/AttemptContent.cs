using System.Net;

namespace Gateway.Upstream.Forwarding;

/// <summary>
/// The content of every request that goes out, also of those without a body. It marks when the request is on its way and when it is
/// fully sent. And since there always is one, the HTTP client never sends a request again by itself: it does so, unseen and for any
/// method, when a kept-alive connection closes unanswered and the request has no content.
/// </summary>
internal sealed class AttemptContent : HttpContent
{
    private readonly ForwarderAttempt _attempt;
    private readonly HttpContent? _body;

    public AttemptContent(ForwarderAttempt attempt, HttpContent? body)
    {
        _attempt = attempt;
        _body = body;
        foreach (var (name, values) in attempt.ContentFields)
        {
            Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _attempt.OnConnected();
        if (_body is not null)
        {
            await _body.CopyToAsync(new PromptStream(stream), context, cancellationToken);
        }

        _attempt.OnSent();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return _body is null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body?.Dispose();
        }

        base.Dispose(disposing);
    }
}
