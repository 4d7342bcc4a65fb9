using System.Text;
using Gateway.Core.Pools;
using Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Gateway.Benchmarks;

/// <summary>A request as a browser sends it, and an answer as NGINX gives it.</summary>
internal static class Messages
{
    public const string Body = "{\"status\":\"ok\",\"items\":[1,2,3,4,5,6,7,8,9,10],\"padding\":\"0123456789\"}";

    public static byte[] AnswerHead { get; } = Encoding.Latin1.GetBytes(
        "HTTP/1.1 200 OK\r\nServer: nginx/1.26.3\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\n" +
        $"Content-Length: {Body.Length}\r\nConnection: keep-alive\r\nCache-Control: no-cache\r\nETag: \"5e9fdd91-46\"\r\n\r\n");

    public static byte[] Answer { get; } = [.. AnswerHead, .. Encoding.Latin1.GetBytes(Body)];

    /// <summary>The same a second later.</summary>
    public static byte[] OtherAnswer { get; } = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Answer).Replace(":00 GMT", ":01 GMT", StringComparison.Ordinal));

    public static ForwardedFields Own { get; } = new("1.1 gateway-1", "192.0.2.7", "http", "shop.example", "for=192.0.2.7;proto=http;host=shop.example", IsKept: true);

    public static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        var request = context.Request;
        (request.Method, request.Protocol, request.Scheme) = ("GET", "HTTP/1.1", "http");
        request.Headers.Host = "shop.example";
        request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        request.Headers.Accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        request.Headers.AcceptLanguage = "en-GB,en;q=0.5";
        request.Headers.AcceptEncoding = "gzip, deflate, br";
        request.Headers.Cookie = "session=0123456789abcdef0123456789abcdef";
        context.Response.Body = Stream.Null;
        return context;
    }

    public static Exchange Exchange(HttpContext context) => new()
    {
        Context = context,
        Target = "/shop/items/42?colour=blue",
        Pool = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [] },
        Fields = Own,
        Gate = EveryAnswer.Instance,
        ClientGone = CancellationToken.None,
        Begun = TimeSpan.Zero,
        Deadline = TimeSpan.MaxValue / 4,
    };

    private sealed class EveryAnswer : IAnswerGate
    {
        public static readonly EveryAnswer Instance = new();

        public bool PassOn(in AnswerHead head) => true;
    }
}
