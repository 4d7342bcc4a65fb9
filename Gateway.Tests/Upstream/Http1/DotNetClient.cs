using System.Text;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>.NET's HTTP client, over a new connection for each request, on which it finds the answer that the request says.</summary>
internal static class DotNetClient
{
    /// <summary>The bytes of the answer, and how many come at a time.</summary>
    public static readonly HttpRequestOptionsKey<(byte[] Bytes, int Step)> Answer = new("test.answer");

    public static HttpMessageInvoker New() => new(new SocketsHttpHandler
    {
        ConnectCallback = static (context, _) =>
        {
            Assert.True(context.InitialRequestMessage.Options.TryGetValue(Answer, out var answer));
            return new(new MemoryConnection(answer.Bytes, answer.Step));
        },
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 32,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    });
}
