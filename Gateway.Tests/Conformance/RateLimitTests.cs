using System.Globalization;
using System.Net;
using Gateway.Node.Limiting;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Answers to clients beyond a rate limit, and what a limit counts as one client.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly RawBackend _backend = RawBackend.Start(RawScripts.Answer());
    private TestGateway? _gateway;

    private TestGateway Gateway => _gateway!;

    private static RateLimitSettings TwoAnHour => new() { Requests = 2, Per = TimeSpan.FromHours(1), Burst = 2 };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    public async Task Beyond_the_burst_the_answer_is_429(string method)
    {
        await StartAsync(settings => settings with { RateLimit = TwoAnHour });
        await using var client = await RawClient.ConnectAsync(Gateway.Address);
        Assert.Equal(200, (await AskAsync(client, method)).Status);
        Assert.Equal(200, (await AskAsync(client, method)).Status);

        var answer = await AskAsync(client, method);
        Assert.Equal(429, answer.Status);
        Assert.Equal("application/problem+json", answer.Head.Value("Content-Type"));
        Assert.Equal("\"test\"; error=http_request_denied", answer.Head.Value("Proxy-Status"));
        Assert.Equal("\"default\";q=2;w=3600", answer.Head.Value("RateLimit-Policy"));
        var seconds = int.Parse(answer.Head.Value("Retry-After")!, CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 1800);
        Assert.Equal($"\"default\";r=0;t={seconds}", answer.Head.Value("RateLimit"));
        Assert.Null(answer.Head.Value("Connection"));
        Assert.Equal(2, _backend.Requests.Count);

        Assert.Equal(429, (await AskAsync(client, method)).Status);
        await Passage.SettleAsync(client);
        Assert.Equal(2, await Gateway.MetricAsync("gateway_requests_rate_limited_total", ("route", "default")));
        Assert.Equal(2, await Gateway.MetricAsync("gateway_request_total", ("status", "429"), ("method", method)));
        Assert.Equal(0, await Gateway.MetricAsync("gateway_active_requests"));
    }

    [Fact]
    public async Task A_client_of_HTTP_2_gets_the_same()
    {
        await using var pair = await TwoPools.StartAsync([new() { Name = "one", Pool = "default", RateLimit = TwoAnHour with { Burst = 1 } }], http2: true);
        using var first = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var second = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("\"one\";q=1;w=1800", Assert.Single(second.Headers.GetValues("RateLimit-Policy")));
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1800);
    }

    [Fact]
    public async Task The_access_log_says_why()
    {
        await using var passage = await AccessLogs.LoggedPassage.StartAsync(settings: settings => settings with { RateLimit = TwoAnHour with { Burst = 1 } });
        await passage.AskAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.AskAsync("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
        var line = (await passage.Log.JsonAsync(2))[^1];
        Assert.Equal(("/b", "refused", "rate-limited", "default", 429), ((string?)line["target"], (string?)line["end"], (string?)line["reason"], (string?)line["route"], (int)line["status"]!));
    }

    [Fact]
    public async Task A_bucket_fills_again()
    {
        await StartAsync(settings => settings with
        {
            Routes = [new() { Name = "fixed", Pool = null, Answer = new(), RateLimit = new() { Requests = 50, Burst = 1 } }],
        });
        await using var client = await RawClient.ConnectAsync(Gateway.Address);
        await client.SendAsync(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 3))); // Served in one turn, at one time.
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(429, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(429, (await client.ReadAnswerAsync()).Status);
        await Eventually.IsAsync(async () => (await AskAsync(client, "GET")).Status == 200);
    }

    [Fact]
    public async Task A_route_of_its_own_limit_and_one_without_are_counted_apart_from_the_others()
    {
        await StartAsync(settings => settings with
        {
            RateLimit = TwoAnHour,
            Routes =
            [
                new() { Name = "own", PathPrefix = "/own", Pool = "default", RateLimit = TwoAnHour with { Burst = 1 } },
                new() { Name = "free", PathPrefix = "/free", Pool = "default", RateLimit = new() { Requests = 0 } },
                new() { Name = "fixed", PathPrefix = "/fixed", Pool = null, Answer = new() },
                new() { Name = "rest", Pool = "default" },
            ],
        });
        Assert.Equal([200, 429], await StatusesAsync("/own", "/own"));
        Assert.Equal([200, 200, 200], await StatusesAsync("/free", "/free", "/free"));
        Assert.Equal([200, 200, 429, 429], await StatusesAsync("/fixed", "/", "/fixed", "/"));
        Assert.Equal("\"own\";q=1;w=1800", (await AskAsync("/own")).Head.Value("RateLimit-Policy"));
        Assert.Equal(200, (await AskAsync("/health")).Status);
        await Gateway.StopAsync();
        Assert.Equal(2, await Gateway.MetricAsync("gateway_requests_rate_limited_total", ("route", "own")));
        Assert.Equal(1, await Gateway.MetricAsync("gateway_requests_rate_limited_total", ("route", "fixed")));
    }

    [Fact]
    public async Task A_client_cannot_make_itself_another_one()
    {
        await StartAsync(settings => settings with { RateLimit = TwoAnHour });
        Assert.Equal([200, 200, 429], await StatusesAsync("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 2.2.2.2", "Forwarded: for=3.3.3.3"));
    }

    [Theory]
    [InlineData("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 9.9.9.9, 1.1.1.1")]
    [InlineData("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 1.1.1.1, 127.0.0.1")]
    [InlineData("Forwarded: for=1.1.1.1", "Forwarded: for=9.9.9.9, proto=https;For=\"1.1.1.1:80\", for=127.0.0.1")]
    [InlineData("X-Forwarded-For: 1.1.1.1", "Forwarded: for=1.1.1.1")]
    [InlineData("X-Forwarded-For: 2001:db8::1", "X-Forwarded-For: 2001:db8::ffff:1")]
    [InlineData("X-Forwarded-For: 2001:db8::1", "Forwarded: for=\"[2001:db8::2]:443\";by=\"a,b\"")]
    [InlineData("X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: ::ffff:1.1.1.1")]
    public async Task Behind_a_trusted_proxy_the_client_is_the_one_that_it_forwards_for(string one, string same)
    {
        await StartAsync(settings => settings with { RateLimit = TwoAnHour, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        Assert.Equal([200, 200, 429, 429], await StatusesAsync(one, same, one, same));
        Assert.Equal([200, 200, 200, 200], await StatusesAsync("X-Forwarded-For: 1.1.1.2", "Forwarded: for=1.1.1.3", "X-Forwarded-For: 2001:db8:0:1::1", "Forwarded: for=unknown"));
    }

    [Fact]
    public async Task A_limit_may_go_by_a_field_or_by_nothing()
    {
        var limit = TwoAnHour with { Burst = 1 };
        await StartAsync(settings => settings with
        {
            Routes =
            [
                new() { Name = "field", PathPrefix = "/field", Pool = "default", RateLimit = limit with { By = RateLimitKey.Header, Field = "X-Key" } },
                new() { Name = "all", PathPrefix = "/all", Pool = "default", RateLimit = limit with { By = RateLimitKey.Route } },
                new() { Name = "rest", Pool = "default" },
            ],
        });
        Assert.Equal([200, 200, 429, 200, 429], await StatusesAsync("/field x-key: a", "/field X-KEY: b", "/field X-Key: a", "/field X-Other: a", "/field X-Other: b"));
        Assert.Equal([200, 429, 200, 200], await StatusesAsync("/all X-Key: a", "/all X-Key: b", "/", "/"));
    }

    [Fact]
    public async Task A_reload_leaves_the_buckets_of_a_limit_that_has_not_changed()
    {
        await StartAsync(settings => settings with { RateLimit = TwoAnHour });
        Assert.Equal([200, 200, 429], await StatusesAsync("/", "/", "/"));
        await Gateway.ReconfigureAsync(settings => settings with { RateLimit = TwoAnHour with { MaxKeys = 65_536 } });
        Assert.Equal([429], await StatusesAsync("/"));
        await Gateway.ReconfigureAsync(settings => settings with { RateLimit = TwoAnHour with { Burst = 1 } });
        Assert.Equal([200, 429], await StatusesAsync("/", "/"));
        await Gateway.ReconfigureAsync(settings => settings with { RateLimit = null });
        Assert.Equal([200, 200, 200], await StatusesAsync("/", "/", "/"));
    }

    [Fact]
    public async Task A_body_that_is_refused_does_not_become_a_request()
    {
        await StartAsync(settings => settings with { RateLimit = TwoAnHour with { Burst = 1 } });
        await using var client = await RawClient.ConnectAsync(Gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok" +
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 36\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\nok" + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(429, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Single(_backend.Requests);
    }

    private async Task StartAsync(Func<GatewaySettings, GatewaySettings> settings) =>
        _gateway = await TestGateway.StartAsync([_backend.Address], settings: settings);

    /// <summary>The statuses of requests sent one after another, each on its own connection.</summary>
    /// <param name="requests">A path, a field line, or both.</param>
    private async Task<List<int>> StatusesAsync(params string[] requests)
    {
        var statuses = new List<int>();
        foreach (var request in requests)
        {
            statuses.Add((await AskAsync(request)).Status);
        }

        return statuses;
    }

    private async Task<RawAnswer> AskAsync(string request)
    {
        var words = request.StartsWith('/') ? request.Split(' ', 2) : ["/", request];
        return await RawClient.AskAsync(Gateway.Address, $"GET {words[0]} HTTP/1.1\r\nHost: x\r\n{(words.Length > 1 ? words[1] + "\r\n" : "")}\r\n");
    }

    private static async Task<RawAnswer> AskAsync(RawClient client, string method)
    {
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\n{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");
        return await client.ReadAnswerAsync(method);
    }
}
