using System.Net;
using System.Text.Json.Nodes;
using Gateway.Http;
using Gateway.Node.Recording;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.AccessLogs;

/// <summary>The access log's lines for requests.</summary>
public sealed class AccessLogTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_line_says_what_was_asked_what_was_answered_and_how()
    {
        await using var passage = await LoggedPassage.StartAsync();
        var answer = await passage.AskAsync(
            $"POST /a/b?c=d HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: test/1\r\ntraceparent: 00-{Trace}-b7ad6b7169203331-01\r\nContent-Length: 5\r\n\r\nhello");
        var line = Assert.Single(await passage.Log.JsonAsync(1));

        Assert.Equal(answer.Head.Value("X-Request-Id"), (string?)line["id"]);
        Assert.Equal(Trace, (string?)line["trace"]);
        Assert.Equal("127.0.0.1", (string?)line["client"]);
        Assert.Equal(("POST", "http", "shop.example", "/a/b?c=d"), Texts(line, "method", "scheme", "host", "target"));
        Assert.Equal(("HTTP/1.1", "default", "default", "completed"), Texts(line, "protocol", "route", "pool", "end"));
        Assert.Equal((200, 5, 2), ((int)line["status"]!, (int)line["bytesIn"]!, (int)line["bytesOut"]!));
        Assert.Equal("test/1", (string?)line["fields"]!["user-agent"]);
        Assert.False(line["fields"]!.AsObject().ContainsKey("referer"));
        var attempt = Assert.Single(line["attempts"]!.AsArray())!;
        Assert.Equal((passage.Backend.EndPoint.ToString(), "answered", 200), ((string?)attempt["endpoint"], (string?)attempt["outcome"], (int)attempt["status"]!));
        Assert.All((string[])["pickMs", "connectMs", "firstByteMs", "ms"], time => Assert.True((double)line[time]! >= 0));
        Assert.True((double)line["ms"]! >= (double)line["firstByteMs"]!);
        Assert.InRange(DateTimeOffset.Parse((string)line["time"]!, System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Each_request_gets_its_line_also_one_that_comes_alone_after_a_pause()
    {
        await using var passage = await LoggedPassage.StartAsync();
        var queue = passage.Gateway.Services.GetRequiredService<AccessQueue>();
        for (var i = 1; i <= 20; i++)
        {
            await Eventually.IsAsync(() => i % 2 == 0 || queue.IsAsleep);
            await passage.AskAsync($"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal($"/{i}", (string?)(await passage.Log.JsonAsync(i))[^1]["target"]);
        }
    }

    [Fact]
    public async Task Each_attempt_is_logged_with_its_endpoint_and_its_outcome()
    {
        await using var working = RawBackend.Start(RawScripts.Answer());
        await using var passage = await LoggedPassage.StartAsync(RawScripts.Answer(503), others: [working.Address]);
        await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var attempts = (await passage.Log.JsonAsync(2)).Select(line => line["attempts"]!.AsArray()).First(attempts => attempts.Count == 2);
        Assert.Equal(
            [(passage.Backend.EndPoint.ToString(), "discarded", 503), (working.EndPoint.ToString(), "answered", 200)],
            attempts.Select(attempt => ((string)attempt!["endpoint"]!, (string)attempt["outcome"]!, (int)attempt["status"]!)));
    }

    [Fact]
    public async Task More_attempts_than_are_listed_are_counted()
    {
        await using var passage = await LoggedPassage.StartAsync(RawScripts.Reset, pool: pool => pool with { Retry = pool.Retry with { Attempts = 9 }, Breaker = pool.Breaker with { Threshold = 100 } });
        await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal(8, line["attempts"]!.AsArray().Count);
        Assert.InRange((int)line["attemptCount"]!, 9, 10); // A probe may eject the endpoint before the last retry.
        Assert.Equal(passage.Backend.Requests.Count(request => request.Target == "/"), (int)line["attemptCount"]!);
        Assert.Equal(("backend-failed", "connection_terminated"), ((string?)line["end"], (string?)line["reason"]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n", 400, "space-before-colon", "GET / HTTP/1.1")]
    [InlineData("GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad-request-line", "GET /\u0001 HTTP/1.1")]
    [InlineData("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "bad-version", "GET / HTTP/2.0")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "length-with-coding", "POST / HTTP/1.1")]
    [InlineData("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", 501, "connect", "CONNECT x:1 HTTP/1.1")]
    public async Task A_request_that_the_parser_refuses_is_logged_by_its_first_line(string request, int status, string reason, string line)
    {
        await using var passage = await LoggedPassage.StartAsync();
        Assert.Equal(status, (await passage.AskAsync(request)).Status);
        var told = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal((status, "refused", reason, line), ((int)told["status"]!, (string?)told["end"], (string?)told["reason"], (string?)told["target"]));
        Assert.Null(told["method"]);
    }

    [Fact]
    public async Task A_head_that_is_too_large_is_logged()
    {
        await using var passage = await LoggedPassage.StartAsync();
        Assert.Equal(431, (await passage.AskAsync($"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n")).Status);
        Assert.Equal(414, (await passage.AskAsync($"GET /{new string('x', 40_000)} HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal(["head-too-large", "target-too-long"], (await passage.Log.JsonAsync(2)).Select(line => (string?)line["reason"]));
    }

    [Fact]
    public async Task An_answer_of_the_gateway_itself_is_logged_with_its_reason()
    {
        await using var passage = await LoggedPassage.StartAsync(settings: settings => settings with
        {
            Routes = [new() { Name = "api", PathPrefix = "/api", Pool = "default", MaxRequestBodySize = 3 }],
        });
        await passage.AskAsync("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd");
        await passage.AskAsync("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.Gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [] });
        await passage.AskAsync("GET /api HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(
            [
                (200, "answered-here", null, null), (404, "refused", "destination_not_found", null), (413, "refused", "http_request_error", "api"),
                (503, "refused", "destination_unavailable", "api"),
            ],
            (await passage.Log.JsonAsync(4)).OrderBy(line => (int)line["status"]!).Select(line => ((int)line["status"]!, (string)line["end"]!, (string?)line["reason"], (string?)line["route"])));
    }

    [Fact]
    public async Task Checks_of_the_replica_are_not_told()
    {
        await using var passage = await LoggedPassage.StartAsync();
        await passage.AskAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("GET /told HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("/told", (string?)Assert.Single(await passage.Log.JsonAsync(1))["target"]);
    }

    [Fact]
    public async Task A_client_that_leaves_before_its_answer_is_logged_as_499()
    {
        await using var passage = await LoggedPassage.StartAsync(RawScripts.Hang);
        await using (var client = await RawClient.ConnectAsync(passage.Gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await Eventually.IsAsync(() => passage.Backend.Requests.Count == 1);
            client.Reset();
        }

        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal((499, "client-left", "client-gone"), ((int)line["status"]!, (string?)line["end"], (string?)line["attempts"]![0]!["outcome"]));
    }

    [Fact]
    public async Task A_backend_that_breaks_off_is_logged_with_the_bytes_that_it_sent()
    {
        await using var passage = await LoggedPassage.StartAsync(RawScripts.HalfClosed);
        await using var client = await RawClient.ConnectAsync(passage.Gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal((200, "backend-broke", 500), ((int)line["status"]!, (string?)line["end"], (int)line["bytesOut"]!));
        Assert.Equal("body-broken", (string?)line["attempts"]![0]!["outcome"]);
    }

    [Fact]
    public async Task A_backend_that_never_answers_is_logged_as_a_timeout()
    {
        await using var passage = await LoggedPassage.StartAsync(
            RawScripts.Hang, pool: pool => pool with { Retry = pool.Retry with { Attempts = 0 }, Timeouts = pool.Timeouts with { Request = TimeSpan.FromMilliseconds(300) } });
        Assert.Equal(504, (await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal("timeout", (string?)Assert.Single(await passage.Log.JsonAsync(1))["end"]);
    }

    [Fact]
    public async Task An_http2_client_is_logged_as_one()
    {
        await using var passage = await LoggedPassage.StartAsync(settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, new Uri(passage.Gateway.Http2Address, "/two"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await passage.Gateway.Client.SendAsync(request);
        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal(("HTTP/2", "/two", "127.0.0.1"), ((string?)line["protocol"], (string?)line["target"], (string?)line["client"]));
    }

    [Theory]
    [InlineData("GET httpcg://APP/shop.example/cart?x HTTP/1.1\r\nHost: gw\r\n\r\n", "httpcg://app/shop.example/cart?x", 200, null)]
    [InlineData("GET /httpcg/app/shop.example/a/../cart?x HTTP/1.1\r\nHost: gw\r\n\r\n", "httpcg://app/shop.example/cart?x", 200, null)]
    [InlineData("GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: httpcg://app/shop.example/cart?x\r\n\r\n", "httpcg://app/shop.example/cart?x", 200, null)]
    [InlineData("GET /httpcg/gw/shop.example/ HTTP/1.1\r\nHost: gw\r\n\r\n", "httpcg://gw/shop.example/", 404, "destination_not_found")]
    [InlineData("GET /httpcg/shop.example/ HTTP/1.1\r\nHost: gw\r\n\r\n", "/httpcg/shop.example/", 400, "httpcg-url")]
    public async Task The_target_of_a_request_with_an_httpcg_URL_is_that_URL(string request, string target, int status, string? reason)
    {
        await using var passage = await LoggedPassage.StartAsync(settings: settings => settings with
        {
            HttpcgAddress = new(IPAddress.Loopback, 0),
            Routes = [new() { Name = "app", Pool = "default", Planes = [HttpcgPlane.App] }],
        });
        Assert.Equal(status, (await RawClient.AskAsync(passage.Gateway.HttpcgAddress, request)).Status);
        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal((target, "gw", reason), ((string?)line["target"], (string?)line["host"], (string?)line["reason"]));
    }

    [Fact]
    public async Task A_request_that_Kestrel_refuses_is_logged_too()
    {
        await using var passage = await LoggedPassage.StartAsync(settings: settings => settings with { HttpEngine = HttpEngine.Kestrel, EventLoop = EventLoopSetting.Auto });
        Assert.Equal(400, (await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n")).Status);
        var line = Assert.Single(await passage.Log.JsonAsync(1));
        Assert.Equal((400, "refused", "kestrel", "127.0.0.1"), ((int)line["status"]!, (string?)line["end"], (string?)line["reason"], (string?)line["client"]));
        Assert.Equal(200, (await passage.AskAsync("GET /told HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal("/told", (string?)(await passage.Log.JsonAsync(2))[1]["target"]);
    }

    [Fact]
    public async Task The_client_is_the_one_that_a_trusted_proxy_names()
    {
        await using var passage = await LoggedPassage.StartAsync(settings: settings => settings with { TrustedProxies = [new IPNetwork(IPAddress.Loopback, 8)] });
        await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.2\r\n\r\n");
        Assert.Equal("203.0.113.9", (string?)Assert.Single(await passage.Log.JsonAsync(1))["client"]);
    }

    [Fact]
    public async Task A_redacted_field_is_logged_as_present()
    {
        await using var passage = await LoggedPassage.StartAsync(log: log => log with { Fields = ["authorization", "x-tenant"], Redact = ["authorization"] });
        await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\nAUTHORIZATION: Bearer secret\r\nX-Tenant: a\r\n\r\n");
        Assert.Equal("""{"authorization":"[redacted]","x-tenant":"a"}""", Assert.Single(await passage.Log.JsonAsync(1))["fields"]!.ToJsonString());
        Assert.DoesNotContain("secret", passage.Log.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sampling_leaves_out_all_but_errors_and_slow_ones()
    {
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var passage = await LoggedPassage.StartAsync(
            async exchange =>
            {
                var request = await exchange.ReadRequestAsync();
                if (request.Head.StartLine.Contains("/slow", StringComparison.Ordinal))
                {
                    await late.Task;
                }

                await exchange.AnswerAsync(request.Head.StartLine.Contains("/bad", StringComparison.Ordinal) ? 500 : 200, "ok");
            },
            log => log with { Sample = 0, Slow = TimeSpan.FromMilliseconds(200) });
        using var timer = new Timer(_ => late.TrySetResult(), null, 400, Timeout.Infinite);
        await passage.AskAsync("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("GET /bad HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.Log.JsonAsync(2);
        await passage.AskAsync("GET /good HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.IsAsync(async () => await passage.Gateway.MetricAsync("gateway_access_log_left_out_total") >= 1);
        await passage.Gateway.StopAsync();
        Assert.Contains("/slow", passage.Log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("/bad", passage.Log.Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(passage.Log.Lines, line => line.Contains("/good", StringComparison.Ordinal) && (double)JsonNode.Parse(line)!["ms"]! < 200);
    }

    [Fact]
    public async Task The_combined_format_is_that_of_web_servers()
    {
        await using var passage = await LoggedPassage.StartAsync(log: log => log with { Format = AccessLogFormat.Combined });
        await passage.AskAsync("GET /a?b HTTP/1.1\r\nHost: x\r\nReferer: http://r/\r\nUser-Agent: say \"hi\"\r\n\r\n");
        await Eventually.IsAsync(() => passage.Log.Lines.Count == 1);
        Assert.Matches(
            """^127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/20\d\d:\d\d:\d\d:\d\d \+0000\] "GET /a\?b HTTP/1\.1" 200 2 "http://r/" "say \\"hi\\""$""",
            passage.Log.Lines[0]);
    }

    private static (string?, string?, string?, string?) Texts(JsonNode line, string a, string b, string c, string d) =>
        ((string?)line[a], (string?)line[b], (string?)line[c], (string?)line[d]);
}
