namespace Gateway.Upstream.Forwarding;

/// <summary>Gives every request the content that watches it. Sits between the forwarder, which knows only bodies, and the HTTP client.</summary>
internal sealed class AttemptHandler(HttpMessageHandler client) : DelegatingHandler(client)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(ForwarderAttempt.Key, out var attempt))
        {
            throw new InvalidOperationException("the request belongs to no attempt");
        }

        request.Content = new AttemptContent(attempt, request.Content);
        return base.SendAsync(request, cancellationToken);
    }
}
