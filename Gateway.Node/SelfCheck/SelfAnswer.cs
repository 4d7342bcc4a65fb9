using System.Globalization;
using System.Text;

namespace Gateway.Node.SelfCheck;

/// <summary>What a replica said of itself.</summary>
/// <param name="Passed">It answered with 2xx in time.</param>
/// <param name="Line">The same for a person, on one line: who was asked, what came.</param>
internal sealed record SelfAnswer(bool Passed, string Line)
{
    /// <summary>How much of a body is shown, in bytes.</summary>
    private const int BodyShown = 200;

    /// <summary>Asks once. Neither a refusal nor silence throws: both are an answer.</summary>
    public static async Task<SelfAnswer> AskAsync(Uri address, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            var body = await BeginningAsync(response, either.Token).ConfigureAwait(false);
            return new(response.IsSuccessStatusCode, $"{address} answered {(int)response.StatusCode} {body}".TrimEnd());
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(false, string.Create(CultureInfo.InvariantCulture, $"{address} did not answer within {timeout.TotalMilliseconds} ms"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(false, $"{address} cannot be asked: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[BodyShown];
        var length = await body.ReadAtLeastAsync(buffer, BodyShown, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return string.Concat(Encoding.UTF8.GetString(buffer, 0, length).Where(c => !char.IsControl(c)));
    }
}
