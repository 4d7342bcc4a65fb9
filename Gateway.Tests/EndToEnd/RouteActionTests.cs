using System.Net;
using Gateway.Core.Retrying;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Routes' actions besides choosing a pool, for HTTP/1.1 and HTTP/2 clients and backends.</summary>
public sealed class RouteActionTests
{
    private static readonly RouteSettings[] Routes =
    [
        new() { Name = "strip", Pool = "default", PathPrefix = "/strip", Rewrite = new(StripPrefix: true) },
        new() { Name = "replace", Pool = "other", PathPrefix = "/old", Rewrite = new(ReplacePrefix: "/new") },
        new() { Name = "template", Pool = "other", Path = "/users/{user}/orders/{id}", Rewrite = new(Path: "/orders/{id}/of/{user}") },
        new()
        {
            Name = "fields", Pool = "default", PathPrefix = "/fields",
            RequestFields = new() { Set = [new("X-Set", "s")], Add = [new("X-Add", "a")], Remove = ["x-gone", "Cookie"] },
            ResponseFields = new() { Set = [new("X-Frame-Options", "DENY")], Add = [new("Link", "</b>")], Remove = ["server"] },
        },
        new() { Name = "redirect", Pool = null, PathPrefix = "/away", Redirect = new("https://{host}/there{rest}{query}", 307) },
        new()
        {
            Name = "closed", Pool = null, PathPrefix = "/closed", Answer = new(503, "application/json", """{"closed":true}"""),
            ResponseFields = new() { Set = [new("Retry-After", "60")] },
        },
        new() { Name = "gone", Pool = null, PathPrefix = "/nothing", Answer = new(204) },
    ];

    [Theory]
    [InlineData("/strip/a//b?c=/strip", "/a//b?c=/strip")]
    [InlineData("/strip", "/")]
    [InlineData("/strip?x", "/?x")]
    [InlineData("/old/x/../y?z", "/new/y?z")]
    [InlineData("/users/7/orders/4%2B2?v", "/orders/4%2B2/of/7?v")]
    [InlineData("/fields/x", "/fields/x")]
    public async Task A_backend_gets_the_rewritten_path(string target, string expected)
    {
        foreach (var http2 in new[] { false, true })
        {
            await using var pair = await TwoPools.StartAsync(Routes, http2);
            using var answer = await pair.AskAsync(HttpMethod.Get, target);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(expected, pair.Of("default").Requests.Concat(pair.Of("other").Requests).Single().Target);
        }
    }

    [Fact]
    public async Task A_rewrite_holds_for_its_own_request_alone()
    {
        await using var pair = await TwoPools.StartAsync([.. Routes, new() { Name = "rest", Pool = "default" }]);
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Address);
        foreach (var target in new[] { "/strip/a", "/b", "/strip/c", "/%64" })
        {
            await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        }

        Assert.Equal(["/a", "/b", "/c", "/%64"], pair.Of("default").Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fields_are_removed_set_and_added_both_ways(bool http2)
    {
        await using var pair = await TwoPools.StartAsync(
            Routes, http2, _ => RawScripts.Answer(200, "ok", "Server: secret", "X-Frame-Options: ALLOWALL", "x-frame-options: SAMEORIGIN", "Link: </a>", "X-Kept: 1"));
        using var answer = await pair.AskAsync(HttpMethod.Get, "/fields", request =>
        {
            request.Headers.Add("X-Set", ["1", "2"]);
            request.Headers.Add("X-Add", "0");
            request.Headers.Add("X-Gone", "1");
            request.Headers.Add("Cookie", "a=b");
            request.Headers.Add("X-Kept", "k");
        });

        var head = Assert.Single(pair.Of("default").Requests).Head;
        Assert.Equal(["s"], head.Values("X-Set"));
        Assert.Equal(["0", "a"], head.Values("X-Add"));
        Assert.Equal(["k"], head.Values("X-Kept"));
        Assert.Empty(head.Values("X-Gone").Concat(head.Values("Cookie")));
        Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["</a>", "</b>"], answer.Headers.GetValues("Link"));
        Assert.Equal(["1"], answer.Headers.GetValues("X-Kept"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_and_an_answer_of_the_routes_own_ask_no_backend(bool http2)
    {
        await using var pair = await TwoPools.StartAsync(Routes, http2);
        using var away = await pair.AskAsync(HttpMethod.Post, "/away/a?b=c", request => (request.Headers.Host, request.Content) = ("shop.example:99", new StringContent("body")));
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "https://shop.example/there/a?b=c"), (away.StatusCode, away.Headers.Location?.OriginalString));
        using var closed = await pair.AskAsync(HttpMethod.Get, "/closed");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"closed":true}"""), (closed.StatusCode, await closed.Content.ReadAsStringAsync()));
        Assert.Equal(("application/json", "60"), (closed.Content.Headers.ContentType?.MediaType, closed.Headers.RetryAfter?.ToString()));
        using var head = await pair.AskAsync(HttpMethod.Head, "/closed");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 15L), (head.StatusCode, head.Content.Headers.ContentLength));
        using var nothing = await pair.AskAsync(HttpMethod.Get, "/nothing");
        Assert.Equal((HttpStatusCode.NoContent, ""), (nothing.StatusCode, await nothing.Content.ReadAsStringAsync()));

        Assert.Empty(pair.Of("default").Requests.Concat(pair.Of("other").Requests));
        await pair.Gateway.StopAsync();
        Assert.Equal(2, await pair.Gateway.MetricAsync("gateway_request_total", ("status", "503"), ("backend", "none")));
        Assert.Equal(1, await pair.Gateway.MetricAsync("gateway_request_total", ("status", "307"), ("backend", "none")));
    }

    [Fact]
    public async Task After_an_answer_of_a_route_the_connection_serves_on()
    {
        await using var pair = await TwoPools.StartAsync(Routes);
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Address);
        await client.SendAsync("POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /strip HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(503, (await client.ReadAnswerAsync()).Status);
        var nothing = await client.ReadAnswerAsync();
        Assert.Equal((204, null), (nothing.Status, nothing.Head.Value("Content-Length")));
        Assert.Equal("default", (await client.ReadAnswerAsync()).BodyText);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_route_may_have_timeouts_of_its_own(bool http2)
    {
        await using var pair = await TwoPools.StartAsync(
            [new() { Name = "slow", Pool = "default", RequestTimeout = TimeSpan.FromMilliseconds(200), RetryAttempts = 0 }], http2, _ => RawScripts.Hang);
        using var answer = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task A_route_may_have_retries_of_its_own(int? attempts, int requests)
    {
        await using var pair = await TwoPools.StartAsync(
            [new() { Name = "r", Pool = "default", RetryAttempts = attempts }], script: _ => RawScripts.Answer(502), pool: pool => pool with { Retry = new RetryPolicy { Attempts = 2 } });
        using var answer = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal((HttpStatusCode.BadGateway, requests), (answer.StatusCode, pair.Of("default").Requests.Count));
    }

    [Fact]
    public async Task Policies_of_a_route_follow_those_of_its_pool()
    {
        await using var pair = await TwoPools.StartAsync(
            [new() { Name = "r", Pool = "default", RequestTimeout = TimeSpan.FromSeconds(20) }], script: _ => RawScripts.Answer(502), pool: pool => pool with { Retry = new RetryPolicy { Attempts = 0 } });
        using var before = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Single(pair.Of("default").Requests);
        await pair.Gateway.ReconfigureAsync(settings => settings with { Pools = [.. settings.Pools.Select(p => p with { Retry = new RetryPolicy { Attempts = 1 } })] });
        using var after = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal(3, pair.Of("default").Requests.Count);
    }
}
