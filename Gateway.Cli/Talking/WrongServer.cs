namespace Gateway.Cli.Talking;

/// <summary>Finds out what answers at an address that is not a replica's admin address, for a helpful message.</summary>
internal static class WrongServer
{
    /// <summary>The time limit for both requests together; known servers answer within milliseconds.</summary>
    private static readonly TimeSpan DetectionTimeout = TimeSpan.FromSeconds(3);

    private const string Hint = "pbm needs a gateway's admin address (--admin-addr, usually port 9110)";

    /// <summary>Describes it in one line.</summary>
    /// <param name="name">The server's name in messages.</param>
    /// <param name="answered">Its answer to the command.</param>
    public static async Task<string> DescribeAsync(HttpClient http, string name, HttpResponseMessage answered, CancellationToken cancellation)
    {
        var what = await IsGatewayAsync(http, cancellation) switch
        {
            Address.Requests => "is a gateway's address for requests",
            Address.Metrics => "is a gateway's metrics address",
            _ => $"is not a gateway's admin address: {Of(answered)}",
        };
        return $"{name} {what}; {Hint}";
    }

    private static async Task<Address> IsGatewayAsync(HttpClient http, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DetectionTimeout);
        try
        {
            return (await ReadAsync(http, "/health", limit.Token)).Contains("\"status\":\"alive\"", StringComparison.Ordinal) ? Address.Requests
                : (await ReadAsync(http, "/metrics", limit.Token)).Contains("gateway_build_info", StringComparison.Ordinal) ? Address.Metrics
                : Address.Unknown;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Address.Unknown;
        }
    }

    private static async Task<string> ReadAsync(HttpClient http, string path, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellation) : "";
    }

    private static string Of(HttpResponseMessage answer)
    {
        var server = string.Join(' ', answer.Headers.Server.Select(part => part.ToString()));
        var type = answer.Content.Headers.ContentType is { MediaType: { } media } ? $", {media}" : "";
        return $"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}{type}{(server.Length > 0 ? $" (server: {server})" : "")}";
    }

    private enum Address
    {
        Unknown,
        Requests,
        Metrics,
    }
}
