using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Requests of HTTP/2 clients as received by an HTTP/1.1 backend, and its answers as received by the clients.</summary>
public sealed class Http2ClientTests
{
    [Fact]
    public async Task The_backend_gets_the_origin_of_the_request()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Get);

        var head = backend.Requests[0].Head;
        var host = gateway.Http2Address.Authority;
        Assert.Equal(("2.0 test", host, "127.0.0.1"), (head.Value("Via"), head.Value("Host"), head.Value("X-Forwarded-For")));
        Assert.Equal(("http", host, $"for=127.0.0.1;proto=http;host=\"{host}\""), (head.Value("X-Forwarded-Proto"), head.Value("X-Forwarded-Host"), head.Value("Forwarded")));
        Assert.Null(head.Value("Transfer-Encoding"));
        Assert.Null(head.Value("Connection"));
        Assert.Equal("1.1 test", Assert.Single(answer.Headers.Via).ToString());
        Assert.Single(answer.Headers.GetValues("Date"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_request_for_trailers_reaches_the_backend()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Get, change: request => request.Headers.TE.Add(new("trailers")));

        Assert.Equal("trailers", backend.Requests[0].Head.Value("TE"));
    }

    [Theory]
    [InlineData("Content-Length: 5", "hello")]
    [InlineData("Transfer-Encoding: chunked", "hello")]
    [InlineData("Content-Length: 0", "")]
    public async Task A_body_comes_framed_as_its_length_is_known(string framing, string body)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);
        using var content = new StringContent(body);
        content.Headers.ContentLength = framing.StartsWith("Content-Length", StringComparison.Ordinal) ? body.Length : null;
        using var pushed = new PushedContent();
        var isChunked = content.Headers.ContentLength is null || framing.StartsWith("Transfer", StringComparison.Ordinal);

        var asking = AskAsync(gateway, HttpMethod.Post, isChunked ? pushed : content);
        if (isChunked)
        {
            await pushed.PushAsync(body);
            pushed.End();
        }

        using var answer = await asking;
        var seen = backend.Requests[0];
        Assert.Equal(body, seen.BodyText);
        Assert.Equal(framing, $"{framing.Split(':')[0]}: {seen.Head.Value(framing.Split(':')[0])}");
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", "GET", 204, null)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n", "GET", 304, 5L)]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\n", "HEAD", 200, 5L)]
    [InlineData("HTTP/1.1 205 Reset Content\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n", "GET", 205, 0L)]
    public async Task An_answer_without_a_body_stays_without_one(string written, string method, int status, long? length)
    {
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.Exactly(written), RawScripts.Answer()));
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, new HttpMethod(method));

        Assert.Equal((status, length?.ToString(CultureInfo.InvariantCulture)), ((int)answer.StatusCode, answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var said) ? said.ToString() : null));
        Assert.Equal(["1"], answer.Headers.GetValues("X-A"));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n", "ok")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n", "")]
    public async Task Trailers_arrive_announced_or_not(string written, string body)
    {
        await using var backend = RawBackend.Start(RawScripts.Exactly($"HTTP/1.1 200 OK\r\n{written}"));
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Get);

        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(["7", "8"], answer.TrailingHeaders.GetValues("X-Sum"));
    }

    [Fact]
    public async Task Hop_by_hop_fields_go_no_further()
    {
        await using var backend = RawBackend.Start(RawScripts.Exactly(
            "HTTP/1.1 200 OK\r\nConnection: close, X-Named\r\nX-Named: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: close\r\nUpgrade: h2c\r\nX-A: \u00e9\r\nX-A: 2\r\n\r\nok"));
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Get);

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["Date", "Via", "X-A"], answer.Headers.Select(field => field.Key).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(["\u00e9", "2"], answer.Headers.GetValues("X-A"));
    }

    [Fact]
    public async Task A_client_that_waits_for_a_word_before_its_body_gets_it()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await exchange.ReadBodyAsync();
            await exchange.AnswerAsync(200, "ok");
        });
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Post, new StringContent("body"), request => request.Headers.ExpectContinue = true);

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal("body", backend.Requests[0].BodyText);
    }

    [Fact]
    public async Task A_client_that_waits_for_a_word_may_be_answered_at_once()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno");
            await exchange.HangAsync();
        });
        await using var gateway = await StartAsync(backend);

        using var answer = await AskAsync(gateway, HttpMethod.Post, new StringContent("body"), request => request.Headers.ExpectContinue = true);

        Assert.Equal((HttpStatusCode.ExpectationFailed, "no"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused(bool isAnnounced)
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.HangAsync();
        });
        await using var gateway = await StartAsync(backend, settings => settings with { Limits = settings.Limits with { MaxRequestBodySize = 10 } });
        using var pushed = new PushedContent();

        var asking = AskAsync(gateway, HttpMethod.Post, isAnnounced ? new StringContent("eleven byte") : pushed);
        if (!isAnnounced)
        {
            await pushed.PushAsync("eleven byte");
        }

        using var answer = await asking;
        pushed.End();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Answers_of_the_gateway_itself_arrive_and_each_request_is_counted_once()
    {
        using var refused = RawBackend.RefusedAddress();
        await using var gateway = await TestGateway.StartAsync([refused.Address], pool => pool with { Retry = pool.Retry with { Attempts = 0 } }, Http2);

        using var failed = await AskAsync(gateway, HttpMethod.Get);
        using var health = await AskAsync(gateway, HttpMethod.Get, target: "/health");

        Assert.Equal((502, "application/problem+json"), ((int)failed.StatusCode, failed.Content.Headers.ContentType?.MediaType));
        Assert.Contains("error=connection_refused", Assert.Single(failed.Headers.GetValues("Proxy-Status")), StringComparison.Ordinal);
        Assert.Equal((200, """{"status":"alive"}"""), ((int)health.StatusCode, await health.Content.ReadAsStringAsync()));
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "502")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_active_requests"));
    }

    [Fact]
    public async Task Many_streams_of_one_connection_get_each_its_own_answer()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(200, request.Target + request.BodyText);
        });
        await using var gateway = await StartAsync(backend);
        using var client = new HttpClient { BaseAddress = gateway.Http2Address };

        var asked = Enumerable.Range(0, 200).Select(async i =>
        {
            using var request = Request(HttpMethod.Post, $"/{i}", new StringContent(new string('x', i * 50)));
            using var answer = await client.SendAsync(request);
            return await answer.Content.ReadAsStringAsync() == $"/{i}{new string('x', i * 50)}";
        });

        Assert.All(await Task.WhenAll(asked), Assert.True);
    }

    private static async Task<HttpResponseMessage> AskAsync(
        TestGateway gateway, HttpMethod method, HttpContent? content = null, Action<HttpRequestMessage>? change = null, string target = "/")
    {
        using var client = new HttpClient(new SocketsHttpHandler { ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1 })
        {
            BaseAddress = gateway.Http2Address,
            Timeout = RawBackend.WaitTimeout,
        };
        using var request = Request(method, target, content);
        change?.Invoke(request);
        return await client.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string target, HttpContent? content) => new(method, target)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = content,
    };

    private static GatewaySettings Http2(GatewaySettings settings) => settings with { Http2Address = new(IPAddress.Loopback, 0) };

    private static Task<TestGateway> StartAsync(RawBackend backend, Func<GatewaySettings, GatewaySettings>? settings = null) =>
        TestGateway.StartAsync([backend.Address], settings: own => Http2(settings?.Invoke(own) ?? own));
}
