using System.Text;
using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>HTTP/1.1 clients on streams of an HTTP/2 backend.</summary>
public sealed class Http2BackendStreamTests
{
    private const int Large = 4 * 1024 * 1024;

    [Fact]
    public async Task Request_and_answer_go_on_beside_each_other()
    {
        var more = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WaitForBodyAsync();
            await exchange.WriteHeadAsync(200, more: ("trailer", "x-sum"));
            await exchange.WriteDataAsync("first");
            await more.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteDataAsync("second");
            await exchange.WaitForEndAsync();
            await exchange.WriteTrailersAsync(("x-sum", exchange.Body));
        });
        await using var gateway = await StartAsync(backend.Address);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        await client.ReadHeadAsync();
        Assert.Equal("5\r\nfirst\r\n", await TextAsync(client, 10));
        await client.SendAsync("3;x=y\r\ntwo\r\n");
        more.SetResult();
        Assert.Equal("6\r\nsecond\r\n", await TextAsync(client, 11));
        await client.SendAsync("0\r\n\r\n");

        Assert.Equal("0\r\nx-sum: onetwo\r\n\r\n", await TextAsync(client, 20));
    }

    [Fact]
    public async Task Large_bodies_pass_whole_however_slowly_the_other_side_takes_them()
    {
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync(backend.Address);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        var body = string.Concat(Enumerable.Range(0, Large / 16).Select(i => $"{i:x15}\n"));

        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}"); // Nothing is read during this.
        var answer = await client.ReadAnswerAsync();

        Assert.Equal((200, true), (answer.Status, answer.Body.Whole));
        Assert.True(body == answer.BodyText, "the body came back changed");
    }

    [Fact]
    public async Task Fields_say_what_was_spoken_and_what_the_client_takes()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync(backend.Address);

        var answer = await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, X-Hop\r\nTE: trailers\r\nX-Hop: 1\r\n\r\n");

        var seen = Assert.Single(backend.Requests);
        Assert.Equal("2.0 test", answer.Head.Value("Via"));
        Assert.Equal(
            ("1.1 test", "trailers", null, null),
            (seen.Value("via"), seen.Value("te"), seen.Value("x-hop"), seen.Value("connection")));
    }

    [Fact]
    public async Task A_client_that_waits_for_leave_to_send_its_body_gets_it()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync(backend.Address);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync("hello");

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal((null, "hello"), (backend.Requests[0].Value("expect"), backend.Requests[0].Body));
    }

    [Fact]
    public async Task A_value_that_would_end_its_line_ends_none()
    {
        await using var backend = Http2Backend.Start(exchange => exchange.WriteHeadAsync(200, end: true, ("x-value", "a\r\nset-cookie: stolen=1")));
        await using var gateway = await StartAsync(backend.Address);

        var answer = await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((200, null), (answer.Status, answer.Head.Value("Set-Cookie")));
    }

    [Fact]
    public async Task A_control_character_in_a_field_is_the_backends_failure()
    {
        await using var backend = Http2Backend.Start(exchange => exchange.WriteHeadAsync(200, end: true, ("x-value", "a\u0001b")));
        await using var gateway = await StartAsync(backend.Address);

        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(502, "http_protocol_error");

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "malformed")));
    }

    [Theory]
    [InlineData("GET", 204, null)]
    [InlineData("GET", 304, "7")]
    [InlineData("HEAD", 200, "7")]
    public async Task Answers_without_a_body_end_with_their_head(string method, int status, string? length)
    {
        await using var backend = Http2Backend.Start(exchange =>
            exchange.WriteHeadAsync(status, end: true, length is null ? [] : [("content-length", length)]));
        await using var gateway = await StartAsync(backend.Address);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\n\r\n");
            var head = await client.ReadHeadAsync();
            Assert.StartsWith($"HTTP/1.1 {status} ", head.StartLine, StringComparison.Ordinal);
            Assert.Equal((length, null), (head.Value("Content-Length"), head.Value("Transfer-Encoding")));
        }
    }

    [Fact]
    public async Task Connections_are_counted_and_close_when_their_endpoint_leaves()
    {
        await using var first = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var second = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync(first.Address);

        Assert.Equal([200, 200], await gateway.AskManyAsync(2));
        Assert.Equal(1, await gateway.MetricAsync("gateway_connection_creation_total"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_connection_pool_size"));
        var cell = gateway.Pool.Endpoints[0].Cell;
        await gateway.ReconfigurePoolAsync(pool => pool with
        {
            Endpoints = [new(TestEndpoints.Address(second.Address.GetLeftPart(UriPartial.Authority)))],
        });

        await Eventually.IsAsync(() => ConnectionsOf(gateway).Read(cell).Open == 0);
    }

    private static Gateway.Upstream.IConnectionCounts ConnectionsOf(TestGateway gateway) =>
        (Gateway.Upstream.IConnectionCounts)gateway.Services.GetService(typeof(Gateway.Upstream.IConnectionCounts))!;

    private static async Task<string> TextAsync(RawClient client, int bytes) => Encoding.Latin1.GetString(await client.ReadBytesAsync(bytes));

    private static Task<TestGateway> StartAsync(Uri backend) => TestGateway.StartAsync(
        [backend],
        pool => pool with { Retry = new() { Attempts = 0 }, Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } });
}
