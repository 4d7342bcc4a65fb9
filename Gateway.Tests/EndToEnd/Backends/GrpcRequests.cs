using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>gRPC calls as plain HTTP/2 requests, without the gRPC client's own behaviour, such as its own deadline.</summary>
internal static class GrpcRequests
{
    /// <summary>One message, "hello", with its prefix.</summary>
    public static readonly byte[] Message = [0, 0, 0, 0, 5, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o'];

    /// <param name="content">null: one message.</param>
    public static HttpRequestMessage Call(HttpContent? content = null, string? timeout = null, string path = "/test.Echo/Echo")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content ?? new ByteArrayContent(Message),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }

        return request;
    }

    /// <summary>An HTTP/2 client of the gateway.</summary>
    public static HttpClient Client(TestGateway gateway) => new(new SocketsHttpHandler()) { BaseAddress = gateway.Http2Address, Timeout = RawBackend.WaitTimeout };

    /// <summary>The status of a trailers-only answer, from its head.</summary>
    public static string? StatusIn(HttpHeaders fields) => fields.TryGetValues("grpc-status", out var values) ? values.Single() : null;
}
