namespace Gateway.Tests.EndToEnd;

/// <summary>An answer of the gateway, read to its end.</summary>
/// <param name="ProxyStatus">The Proxy-Status field; null in a backend's answer.</param>
/// <param name="Closes">Whether it contains <c>Connection: close</c>.</param>
internal sealed record Reply(int Status, string Body, string? ContentType, string? ProxyStatus, string? RetryAfter, bool Closes)
{
    /// <summary>Fails unless the gateway itself answered, with this status and error type of RFC 9209.</summary>
    public void AssertProblem(int status, string error, string gateway = "test")
    {
        Assert.Equal((status, $"\"{gateway}\"; error={error}"), (Status, ProxyStatus));
        Assert.Equal("application/problem+json", ContentType);
        Assert.Contains($"\"status\":{status}", Body, StringComparison.Ordinal);
        Assert.Equal(status == 503, RetryAfter is not null);
    }

    /// <summary>Fails unless a backend gave this answer.</summary>
    public void AssertPassedOn(int status, string body) => Assert.Equal((status, body, null), (Status, Body, ProxyStatus));
}

internal static class Asking
{
    /// <summary>Sends one request through the gateway.</summary>
    /// <param name="body">Null: none, which for POST and PUT means a Content-Length of 0.</param>
    public static async Task<Reply> AskAsync(
        this TestGateway gateway, string method = "GET", string target = "/", string? body = null, string? forwardedFor = null,
        CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body);
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        using var answer = await gateway.Client.SendAsync(request, cancellation);
        return new Reply(
            (int)answer.StatusCode,
            await answer.Content.ReadAsStringAsync(cancellation),
            answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.TryGetValues("Proxy-Status", out var proxyStatus) ? string.Join(", ", proxyStatus) : null,
            answer.Headers.RetryAfter?.ToString(),
            answer.Headers.ConnectionClose == true);
    }

    /// <summary>Sends requests one after another, and returns the statuses in order.</summary>
    public static async Task<IReadOnlyList<int>> AskManyAsync(this TestGateway gateway, int count, string method = "GET")
    {
        List<int> statuses = [];
        while (statuses.Count < count)
        {
            statuses.Add((await gateway.AskAsync(method)).Status);
        }

        return statuses;
    }
}
