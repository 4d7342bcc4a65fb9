using System.Net;
using Gateway.Cli.Invocation;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Cli;

/// <summary><c>pbm gateway route test</c> against a real replica: it predicts what the replica does.</summary>
public sealed class RouteTestTests
{
    private static readonly RouteSettings[] Routes =
    [
        new() { Name = "api", Pool = "default", PathPrefix = "/api" },
        new() { Name = "beta", Pool = "other", PathPrefix = "/api", Hosts = ["shop.example"], Headers = [new("X-Channel", Prefix: "beta")], MaxRequestBodySize = 10 },
        new() { Name = "user", Pool = "other", Path = "/users/{id}", Methods = ["GET", "PUT"], Priority = RequestPriority.Sheddable },
        new() { Name = "old", Pool = null, PathPrefix = "/old", Redirect = new("https://{host}/new{rest}{query}", 301) },
        new() { Name = "closed", Pool = null, PathPrefix = "/closed", Answer = new(503, Body: "closed"), ResponseFields = new() { Set = [new("Retry-After", "9")] } },
        new()
        {
            Name = "v2", Pool = "other", PathPrefix = "/v1", Rewrite = new(ReplacePrefix: "/v2"), RequestTimeout = TimeSpan.FromSeconds(2), RetryAttempts = 0,
            RequestFields = new() { Set = [new("X-Version", "2")], Remove = ["Cookie"] }, ResponseFields = new() { Remove = ["Server"] },
        },
        new() { Name = "canary", Pool = null, PathPrefix = "/canary", Split = new() { Pools = [new("default", 0), new("other", 1)], By = SplitKey.Cookie, Name = "user" } },
        new() { Name = "mirrored", Pool = "default", PathPrefix = "/mirrored", Mirror = new() { Pool = "other", Percent = 12.5, MaxConcurrent = 7, MaxBody = 1000 } },
        new() { Name = "debug", Pool = "other", PathPrefix = "/api", Query = [new("debug", "1")] },
    ];

    [Fact]
    public async Task Each_route_is_listed_with_a_match_or_the_reason_against_it()
    {
        await using var pair = await TwoPools.StartAsync(Routes);
        var both = Results(await TestAsync(pair, "GET", "http://shop.example/api/x", "-H", "X-Channel: beta-2"));
        Assert.Equal("selected", both["beta"]);
        Assert.Equal("the path differs", both["user"]);
        Assert.Equal("the parameter debug=1 is missing", both["debug"]);
        Assert.Equal("matches, but is less specific", both["api"]);
        Assert.Equal(["beta", "user"], both.Keys.Take(2));

        var debug = Results(await TestAsync(pair, "GET", "/api?debug=1"));
        Assert.Equal(("the host differs", "selected"), (debug["beta"], debug["debug"]));
        Assert.Equal("the field X-Channel: beta* is missing", Results(await TestAsync(pair, "GET", "/api", "-H", "Host: shop.example"))["beta"]);
        Assert.Equal("the method is not GET or PUT", Results(await TestAsync(pair, "POST", "/users/7"))["user"]);
    }

    [Theory]
    [InlineData("GET", "/%61pi//x", "path      compared as /api/x")]
    [InlineData("GET", "/api/x", "route     api")]
    [InlineData("GET", "/users/7", "pool      other: 1 of 1 endpoints available")]
    [InlineData("GET", "/users/7", "priority  sheddable")]
    [InlineData("GET", "/api/a/../b?c", "sends     GET /api/b?c HTTP/1.1")]
    [InlineData("GET", "/api", "timeouts  request 30 s, try 10 s, idle 60 s")]
    [InlineData("GET", "/api", "retries   at most 3")]
    [InlineData("GET", "http://h/old/a?b", "answer  301 to https://h/new/a?b")]
    [InlineData("GET", "/closed", "answer  503 with 6 bytes of text/plain; charset=utf-8")]
    [InlineData("GET", "/closed", "answer  with Retry-After: 9, replacing any other Retry-After")]
    [InlineData("GET", "/v1/a?b", "sends     GET /v2/a?b HTTP/1.1")]
    [InlineData("GET", "/mirrored", "mirror    a copy of 12.5 % of requests to other: 1 of 1 endpoints available; bodies up to 1000 bytes, up to 7 copies at once")]
    [InlineData("GET", "/v1/a?b", "sends     X-Version: 2")]
    [InlineData("GET", "/v1/a?b", "answer    without Server")]
    [InlineData("GET", "/v1/a?b", "timeouts  request 2 s, try 1 s, idle 60 s")]
    [InlineData("GET", "/v1/a?b", "retries   at most 0")]
    [InlineData("GET", "/canary", "split     by chance, this time so: default 0, other 1")]
    [InlineData("GET", "/canary", "split     by the cookie user, each time alike: default 0, other 1", "-H", "Cookie: a=b; user=7")]
    [InlineData("GET", "/canary", "pool      other: 1 of 1 endpoints available", "-H", "Cookie: a=b; user=7")]
    [InlineData("DELETE", "/users/7", "answer  405: no route allows this method here; Allow: GET, PUT")]
    [InlineData("GET", "/none", "answer  404: no route matches this request")]
    [InlineData("GET", "/api/..%2Fx", "answer  400: the request target is invalid")]
    [InlineData("CONNECT", "/", "answer  501: CONNECT is not supported")]
    [InlineData("GET", "/ready", "answer  the replica answers by itself, before matching routes")]
    public async Task Then_what_would_be_done(string method, string url, string step, params string[] words)
    {
        await using var pair = await TwoPools.StartAsync(Routes, pool: pool => pool with { Timeouts = TimeoutPolicy.Default });
        Assert.Contains(step, await TestAsync(pair, [method, url, .. words]));
    }

    [Theory]
    [InlineData("httpcg    plane app, authority shop.example:81, path /cart", "httpcg://app/shop.example:81/a/../cart?x")]
    [InlineData("route     app", "/httpcg/app/shop.example/cart")]
    [InlineData("sends     Host: shop.example", "/", "-H", "X-Httpcg-Url: httpcg://app/shop.example/cart")]
    [InlineData("sends     GET /cart?x HTTP/1.1", "httpcg://app/shop.example/cart?x")]
    [InlineData("sends     X-Httpcg-Plane: app", "httpcg://app/shop.example/cart?x")]
    [InlineData("sends     GET /cart?x HTTP/1.1", "httpcg://app/shop.example/cart?x#top")]
    [InlineData("sends     GET /api?x HTTP/1.1", "http://shop.example/api?x#top")]
    [InlineData("sends     X-Forwarded-Proto: http", "httpcg://app/shop.example/")]
    [InlineData("httpcg    only as the path or in X-Httpcg-Url; --httpcg-addr is not set", "httpcg://app/shop.example/")]
    [InlineData("answer  404: no route for the plane wallet", "httpcg://wallet/shop.example/api")]
    [InlineData("answer  400: the httpcg URL is not valid: it has no plane", "httpcg:///shop.example/")]
    [InlineData("answer  400: the request has more than one X-Httpcg-Url field", "/", "-H", "X-Httpcg-Url: httpcg://app/a/", "-H", "X-Httpcg-Url: httpcg://app/a/")]
    public async Task An_httpcg_URL_is_taken_as_it_would_be(string line, string url, params string[] words)
    {
        await using var pair = await TwoPools.StartAsync([.. Routes, new() { Name = "app", Pool = "other", Planes = [HttpcgPlane.App, HttpcgPlane.Gw] }]);
        Assert.Contains(line, await TestAsync(pair, ["GET", url, .. words]));
    }

    [Fact]
    public async Task An_httpcg_URL_comes_to_the_address_for_it_over_TLS_if_that_is_so()
    {
        using var certificates = new Certificates();
        var file = certificates.FileFor("shop.example");
        await using var gateway = await TestGateway.StartAsync([], settings: settings => settings with
        {
            HttpcgAddress = new(IPAddress.Loopback, 0),
            HttpcgTls = true,
            Tls = new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] },
        });
        var lines = await TestAsync(gateway, "GET", "httpcg://app/shop.example/");
        Assert.Contains("sends     X-Forwarded-Proto: https", lines);
        Assert.DoesNotContain("httpcg    only as the path or in X-Httpcg-Url; --httpcg-addr is not set", lines);
    }

    [Fact]
    public async Task Each_route_is_held_against_its_plane()
    {
        await using var pair = await TwoPools.StartAsync([.. Routes, new() { Name = "app", Pool = "other", Planes = [HttpcgPlane.App, HttpcgPlane.Gw] }]);
        var taken = Results(await TestAsync(pair, "GET", "httpcg://app/shop.example/api"));
        Assert.Equal(("selected", "the route has no planes, so httpcg URLs do not match"), (taken["app"], taken["api"]));
        Assert.Equal("the plane is not app or gw", Results(await TestAsync(pair, "GET", "httpcg://wallet/shop.example/api"))["app"]);
        var plain = Results(await TestAsync(pair, "GET", "/api"));
        Assert.Equal(("the plane is not app or gw", "selected"), (plain["app"], plain["api"]));
    }

    [Fact]
    public async Task A_replica_without_httpcg_says_so()
    {
        await using var pair = await TwoPools.StartAsync(Routes);
        Assert.Contains("answer  400: httpcg URLs are not accepted: no route has planes, and --httpcg-addr is not set", await TestAsync(pair, "GET", "httpcg://app/shop.example/"));
    }

    /// <summary>Lists of hosts and clients are the most common questions.</summary>
    [Theory]
    [InlineData("answer  421: ", "http://other.example/api")]
    [InlineData("answer  403: this client is not served", "http://shop.example/api", "-c", "192.0.2.1")]
    [InlineData("answer  403: this client is not served", "http://shop.example/inner", "-c", "10.1.1.1")]
    [InlineData("pool      default: 1 of 1 endpoints available", "http://shop.example/api", "-c", "10.1.1.1")]
    public async Task A_target_that_is_not_served_is_refused_as_a_request_would_be(string step, string url, params string[] words)
    {
        await using var pair = await TwoPools.StartAsync([.. Routes, new() { Name = "inner", Pool = "default", PathPrefix = "/inner", Clients = new() { Deny = [IPNetwork.Parse("10.0.0.0/8")] } }]);
        await pair.Gateway.ReconfigureAsync(settings => settings with
        {
            Hosts = ["shop.example"],
            Clients = new() { Allow = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8")] },
        });
        Assert.Contains(await TestAsync(pair, ["GET", url, .. words]), line => line.StartsWith(step, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_that_is_too_large_is_refused_as_a_request_would_be()
    {
        await using var pair = await TwoPools.StartAsync(Routes);
        string[] words = ["POST", "http://shop.example/api", "-H", "X-Channel: beta", "-H"];
        Assert.Contains("body      up to 10 bytes, 413 beyond", await TestAsync(pair, [.. words, "Content-Length: 10"]));
        Assert.Contains("answer  413: the request body is larger than this route allows", await TestAsync(pair, [.. words, "Content-Length: 11"]));
    }

    /// <summary>The head it shows is the one that the backend gets.</summary>
    [Theory]
    [InlineData("/api/x?y=%31", "X-A: 1", "Accept: */*")]
    [InlineData("/v1/x?y", "Cookie: a=b", "X-Version: 1")]
    [InlineData("/users/7", "Connection: x-b", "X-B: 1")]
    public async Task The_head_is_that_which_a_backend_gets(string target, params string[] fields)
    {
        await using var pair = await TwoPools.StartAsync(Routes);
        var shown = await TestAsync(pair, ["GET", $"http://h.example{target}", .. fields.SelectMany(f => new[] { "-H", f })]);
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Address);
        await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: h.example\r\n{string.Concat(fields.Select(f => f + "\r\n"))}\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);

        var head = pair.Of("default").Requests.Concat(pair.Of("other").Requests).Single().Head;
        Assert.Equal([head.StartLine, .. head.Lines], shown.Where(line => line.StartsWith("sends ", StringComparison.Ordinal)).Select(line => line[10..]));
    }

    [Theory]
    [InlineData(1, "pbm: 'get' is not a method; allowed: upper-case letters, as in GET", "get", "/")]
    [InlineData(1, "pbm: 'ftp://x' is not a URL; allowed: http://host/path?query, httpcg://plane/host/path?query, or only the path", "GET", "ftp://x")]
    [InlineData(1, "pbm: 'X' is not a field; allowed: 'Name: value'", "GET", "/", "-H", "X")]
    [InlineData(1, "pbm: 'me' is not an address; allowed: the IP address of a client", "GET", "/", "-c", "me")]
    [InlineData(2, "pbm: url is missing; usage: gateway route test <method> <url> [-H field]... [-c client]", "GET")]
    public async Task An_invalid_request_is_one_line(int code, string fault, params string[] words)
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var terminal = new ScriptedTerminal("");
        Assert.Equal(code, await Pbm.RunAsync([gateway.Admin.BaseAddress!.Authority, "gateway", "route", "test", .. words], terminal, _ => null));
        Assert.Equal(fault, terminal.Errors.TrimEnd());
    }

    private static Task<string[]> TestAsync(TwoPools pair, params string[] words) => TestAsync(pair.Gateway, words);

    private static async Task<string[]> TestAsync(TestGateway gateway, params string[] words)
    {
        var terminal = new ScriptedTerminal("");
        Assert.Equal(0, await Pbm.RunAsync([gateway.Admin.BaseAddress!.Authority, "gateway", "route", "test", .. words], terminal, _ => null));
        return [.. terminal.Shown.Split(Environment.NewLine).Select(line => line.TrimEnd())];
    }

    /// <summary>The result for each route, in order.</summary>
    private static OrderedDictionary<string, string> Results(string[] lines) =>
        new(lines.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(cells => KeyValuePair.Create(cells[0], cells[3])));
}
