using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Copies of requests to another pool: <c>default</c> serves, <c>other</c> gets the copies.</summary>
public sealed class MirrorTests
{
    private const string Marker = "X-Gateway-Mirror";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_is_the_request_with_a_field_that_says_so_and_its_answer_is_dropped(bool http2)
    {
        await using var pair = await StartAsync(http2: http2);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await pair.AskAsync(HttpMethod.Put, $"/a?b={i}", request => request.Content = new StringContent(new string((char)('a' + i), 10_000)));
            Assert.Equal((HttpStatusCode.OK, "default"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        var copies = await pair.Of("other").WaitForRequestsAsync(3);
        await Eventually.IsAsync(() => copies.All(copy => copy.BodyWhole));
        foreach (var (request, copy) in pair.Of("default").Requests.Zip(copies.OrderBy(c => c.Target, StringComparer.Ordinal)))
        {
            Assert.Equal(request.Head.StartLine, copy.Head.StartLine);
            Assert.Equal(request.BodyText, copy.BodyText);
            Assert.Equal(request.Head.Lines.Append($"{Marker}: mirrored").Order(StringComparer.Ordinal), copy.Head.Lines.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_chunked_body_is_copied_with_its_trailers()
    {
        await using var pair = await StartAsync();
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nfirs");
        await pair.Of("default").WaitForRequestAsync(request => request.BodyText == "firs");
        await client.SendAsync("\r\n1\r\nt\r\n0\r\nX-Sum: 5\r\n\r\n");
        Assert.Equal("default", (await client.ReadAnswerAsync("POST")).BodyText);
        var copy = await pair.Of("other").WaitForRequestAsync(request => request.BodyWhole);
        Assert.Equal("first", copy.BodyText);
        Assert.Equal(pair.Of("default").Requests[0].Trailers, copy.Trailers);
    }

    [Fact]
    public async Task A_pool_that_hangs_costs_clients_nothing_and_its_bound_at_most()
    {
        await using var pair = await StartAsync(mirror => mirror with { MaxConcurrent = 2 }, other: RawScripts.Hang);
        for (var i = 0; i < 10; i++)
        {
            await AssertServedAsync(pair);
        }

        await CountedAsync(pair, "sent", 2);
        await CountedAsync(pair, "dropped", 8, ("reason", "concurrency"));
        await CountedAsync(pair, "in_flight", 2);
        await pair.Gateway.StopAsync();
        Assert.Equal(2, await pair.Gateway.MetricAsync("gateway_mirror_failed_total", ("reason", "shutdown")));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("broken")]
    [InlineData("connect")]
    [InlineData("timeout")]
    public async Task A_copy_that_fails_is_counted_apart_sent_once_and_says_nothing_about_the_endpoint(string how)
    {
        var script = how switch { "status" => RawScripts.Answer(500, "no"), "broken" => RawScripts.Garbage, _ => RawScripts.Hang };
        await using var pair = await StartAsync(other: script, pool: pool => how == "timeout" && pool.Name == "other" ? pool with { Timeouts = new() { Request = TimeSpan.FromMilliseconds(200) } } : pool);
        if (how == "connect")
        {
            await pair.Of("other").StopAsync();
        }

        for (var i = 0; i < 12; i++)
        {
            await AssertServedAsync(pair);
            await CountedAsync(pair, "failed", i + 1, ("reason", how)); // The breaker's threshold is 5.
        }

        var copies = how == "connect" ? pair.Of("other").Requests : await pair.Of("other").WaitForRequestsAsync(12); // A busy machine may read one after its timeout.
        Assert.Equal(how == "connect" ? 0 : 12, copies.Count);
        Assert.Equal(12, await pair.Gateway.MetricAsync("gateway_request_total", ("pool", "default"), ("status", "200")));
        foreach (var metric in (string[])["gateway_request_total", "gateway_backend_requests_total", "gateway_backend_failures_total", "gateway_retries_total"])
        {
            Assert.Equal(0, await pair.Gateway.MetricAsync(metric, ("pool", "other")));
        }

        await CountedAsync(pair, "in_flight", 0);
    }

    [Theory]
    [InlineData("Content-Length: 11\r\n\r\nhello there")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nb\r\nhello there\r\n0\r\n\r\n")]
    public async Task A_body_beyond_the_limit_is_not_copied(string rest)
    {
        await using var pair = await StartAsync(mirror => mirror with { MaxBody = 10 });
        Assert.Equal("default", (await RawClient.AskAsync(pair.Gateway.Address, $"POST / HTTP/1.1\r\nHost: x\r\n{rest}")).BodyText);
        await CountedAsync(pair, "dropped", 1, ("reason", "body"));
        await CountedAsync(pair, "in_flight", 0);
        Assert.Empty(pair.Of("other").Requests);
    }

    [Fact]
    public async Task A_request_whose_client_leaves_in_its_body_is_not_copied()
    {
        await using var pair = await StartAsync();
        await using (var client = await RawClient.ConnectAsync(pair.Gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
            await pair.Of("default").WaitForRequestAsync(request => request.BodyLength == 5);
            client.Reset();
        }

        await CountedAsync(pair, "dropped", 1, ("reason", "incomplete"));
        Assert.Empty(pair.Of("other").Requests);
    }

    [Fact]
    public async Task Copies_share_connections_that_are_kept()
    {
        await using var pair = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await AssertServedAsync(pair);
            await CountedAsync(pair, "sent", i + 1);
            await CountedAsync(pair, "in_flight", 0);
        }

        Assert.InRange(pair.Of("other").ConnectionsAccepted, 1, 2); // One per loop.
    }

    [Fact]
    public async Task A_long_answer_is_read_to_its_end_and_the_connection_serves_the_next_copy()
    {
        await using var pair = await StartAsync(other: RawScripts.Answer(body: new string('o', 1_000_000)));
        for (var i = 0; i < 4; i++)
        {
            await AssertServedAsync(pair);
            await CountedAsync(pair, "sent", i + 1);
            await CountedAsync(pair, "in_flight", 0);
        }

        await CountedAsync(pair, "failed", 0);
        Assert.InRange(pair.Of("other").ConnectionsAccepted, 1, 2); // One per loop.
    }

    [Fact]
    public async Task Copies_leave_half_of_a_pool_to_clients()
    {
        await using var pair = await StartAsync(
            mirror => mirror with { MaxConcurrent = 100 }, other: RawScripts.Hang, pool: pool => pool with { Connections = pool.Connections with { Max = 4, QueueSize = 0 } });
        for (var i = 0; i < 10; i++)
        {
            await AssertServedAsync(pair);
        }

        await CountedAsync(pair, "in_flight", 2);
        await CountedAsync(pair, "dropped", 8, ("reason", "no-connection"));
        await pair.Gateway.StopAsync();
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(50, 60, 140)]
    public async Task A_part_of_the_requests_is_copied_by_chance(double percent, int least, int most)
    {
        await using var pair = await StartAsync(mirror => mirror with { Percent = percent, MaxConcurrent = 1000 });
        for (var i = 0; i < 200; i++)
        {
            await AssertServedAsync(pair);
        }

        Assert.InRange(await pair.Gateway.MetricAsync("gateway_mirror_sent_total") + await pair.Gateway.MetricAsync("gateway_mirror_dropped_total"), least, most);
    }

    /// <summary>Only trusted clients may mark a request as a copy; a marked one has the field once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_cannot_pass_its_request_off_as_a_copy(bool isTrusted)
    {
        await using var pair = await StartAsync();
        if (isTrusted)
        {
            await pair.Gateway.ReconfigureAsync(settings => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        }

        await RawClient.AskAsync(pair.Gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\n{Marker}: theirs\r\nX_Gateway_Mirror: theirs\r\n\r\n");
        Assert.Equal(isTrusted ? ["theirs"] : [], pair.Of("default").Requests[0].Head.Values(Marker));
        var copy = (await pair.Of("other").WaitForRequestsAsync(1))[0];
        Assert.Equal("mirrored", copy.Head.Value(Marker));
        Assert.DoesNotContain(pair.Of("default").Requests[0].Head.Lines.Concat(copy.Head.Lines), line => line.StartsWith("X_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_websocket_is_not_copied()
    {
        await using var pair = await StartAsync(standard: async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await client.ReadToEndAsync();
        Assert.Equal(0, await pair.Gateway.MetricAsync("gateway_mirror_sent_total") + await pair.Gateway.MetricAsync("gateway_mirror_dropped_total"));
        Assert.Empty(pair.Of("other").Requests);
    }

    [Fact]
    public async Task The_counters_of_a_route_go_with_it()
    {
        await using var pair = await StartAsync();
        await AssertServedAsync(pair);
        await CountedAsync(pair, "sent", 1);
        await pair.Of("other").WaitForRequestsAsync(1);
        await pair.Gateway.ReconfigureAsync(settings => settings with { Routes = [settings.Routes[0] with { Mirror = null }] });
        await AssertServedAsync(pair);
        Assert.DoesNotContain("gateway_mirror_sent_total{", await pair.Gateway.ScrapeAsync(), StringComparison.Ordinal);
        Assert.Single(pair.Of("other").Requests);
    }

    [Fact]
    public async Task Backends_of_http2_and_those_given_by_name_get_copies_too()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var http2 = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with
        {
            Pools = [.. settings.Pools, PoolOf(settings.Pools[0], "named", new Uri($"http://localhost:{backend.EndPoint.Port}"), BackendProtocol.Http1),
                PoolOf(settings.Pools[0], "h2", http2.Address, BackendProtocol.Http2)],
            Routes = [new() { Name = "one", Pool = "default", Mirror = new() { Pool = "named" } }, new() { Name = "two", PathPrefix = "/h2", Pool = "default", Mirror = new() { Pool = "h2" } }],
        });
        (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(200, "ok");
        await backend.WaitForRequestAsync(request => request.Head.Value(Marker) == "one" && request.BodyText == "hello");
        (await gateway.AskAsync("POST", "/h2", body: "hello")).AssertPassedOn(200, "ok");
        await Eventually.IsAsync(() => http2.Requests.Count == 1);
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_mirror_in_flight") == 0);
        Assert.Equal((2, 0), (await gateway.MetricAsync("gateway_mirror_sent_total"), await gateway.MetricAsync("gateway_mirror_failed_total")));
    }

    private static PoolSettings PoolOf(PoolSettings like, string name, Uri address, BackendProtocol protocol) => like with
    {
        Name = name,
        Endpoints = [new(TestEndpoints.Address(address.GetLeftPart(UriPartial.Authority)))],
        Connections = like.Connections with { Protocol = protocol },
    };

    private static Task<TwoPools> StartAsync(
        Func<MirrorSettings, MirrorSettings>? mirror = null, bool http2 = false, Func<RawExchange, Task>? standard = null, Func<RawExchange, Task>? other = null,
        Func<PoolSettings, PoolSettings>? pool = null)
    {
        var settings = new MirrorSettings { Pool = "other" };
        return TwoPools.StartAsync(
            [new() { Name = "mirrored", Pool = "default", Mirror = mirror?.Invoke(settings) ?? settings }], http2,
            name => name == "other" ? other ?? RawScripts.Answer(body: "other") : standard ?? RawScripts.Answer(body: "default"), pool);
    }

    private static async Task AssertServedAsync(TwoPools pair)
    {
        using var answer = await pair.AskAsync(HttpMethod.Get, "/");
        Assert.Equal((HttpStatusCode.OK, "default"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    private static Task CountedAsync(TwoPools pair, string what, double count, params (string Name, string Value)[] labels) => Eventually.IsAsync(
        async () => await pair.Gateway.MetricAsync($"gateway_mirror_{what}{(what == "in_flight" ? "" : "_total")}", [("route", "mirrored"), ("pool", "other"), .. labels]) == count);
}
