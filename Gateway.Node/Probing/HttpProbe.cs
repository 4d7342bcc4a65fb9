using System.Net;
using System.Text;
using Gateway.Actors.Surroundings;
using Gateway.Core.Connecting;
using Gateway.Core.Outcomes;

namespace Gateway.Node.Probing;

/// <summary>A GET of the health path: status, optional text of the body, and the endpoint's own report.</summary>
internal sealed class HttpProbe(ProbeConnector connector) : IDisposable
{
    /// <summary>The bytes of a body searched for the expected text.</summary>
    private const int BodyLimit = 64 * 1024;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero, // A connection each: one kept open says nothing about a new one.
        ConnectCallback = connector.ConnectAsync,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    public async Task<Finding> RunAsync(ProbeTarget target, CancellationToken cancellation)
    {
        var spec = target.Spec;
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Address.Canonical + spec.Path)
        {
            Version = spec.Protocol == BackendProtocol.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Options.Set(ProbeConnector.Target, target);
        request.Headers.TryAddWithoutValidation("User-Agent", "gateway-probe");
        request.Headers.ConnectionClose = spec.Protocol == BackendProtocol.Http1 ? true : null;
        request.Headers.Host = spec.Host;
        using var response = await _client.SendAsync(request, cancellation);
        var status = (int)response.StatusCode;
        if (status < spec.StatusFrom || status > spec.StatusTo)
        {
            return new($"status {status}", FailureReason.Status);
        }

        if (spec.BodyContains is { } text && !await ContainsAsync(response, text, cancellation))
        {
            return new("the body does not contain the expected text", FailureReason.Body);
        }

        return IsDegraded(response) ? new(null, Degraded: true) : Finding.Pass;
    }

    public void Dispose() => _client.Dispose();

    private static bool IsDegraded(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("X-Health", out var values) &&
        values.Any(v => v.Equals("degraded", StringComparison.OrdinalIgnoreCase));

    private static async Task<bool> ContainsAsync(HttpResponseMessage response, string text, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BodyLimit];
        var length = await body.ReadAtLeastAsync(buffer, BodyLimit, throwOnEndOfStream: false, cancellation);
        return buffer.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
