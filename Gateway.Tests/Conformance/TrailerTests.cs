using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Fields after the body (RFC 9110 6.5), to HTTP/1.1 backends.</summary>
public sealed class TrailerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n";

    [Fact]
    public async Task Those_that_are_announced_reach_the_client_in_their_order()
    {
        await using var passage = await AnsweringAsync("Trailer: X-Sum, X-B\r\n", "2\r\nok\r\n4;a=b\r\n, ok\r\n0\r\nX-Sum: 7\r\nX-B: \u00e9\r\nX-Sum: 8\r\n\r\n");
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);

        var answer = await client.ReadAnswerAsync();

        Assert.Equal(("ok, ok", RawFraming.Chunked, true), (answer.BodyText, answer.Body.Framing, answer.Body.Whole));
        Assert.Equal(["X-Sum: 7", "X-B: \u00e9", "X-Sum: 8"], answer.Body.Trailers);
        Assert.Equal("X-Sum, X-B", answer.Head.Value("Trailer"));
        Assert.Single(answer.Head.Values("Transfer-Encoding"));
        await Passage.SettleAsync(client);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connection_pool_idle"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2\r\nok\r\n")]
    public async Task Those_that_come_in_pieces_arrive_once(string body)
    {
        string[] pieces = [$"{body}0\r\nX-A: 1\r\n", "X-B: 2\r\nX-", "C: 3\r\nX-A: 4\r\n", "\r\n"];
        using var next = new SemaphoreSlim(1);
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                await exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n");
                foreach (var piece in pieces)
                {
                    await next.WaitAsync(exchange.Stopping);
                    await exchange.WriteAsync(piece);
                }
            });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var reading = client.ReadAnswerAsync();
        for (var sent = 1; sent < pieces.Length; sent++)
        {
            await passage.AskAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"); // A turn, in which the piece before is read.
            next.Release();
        }

        Assert.Equal(["X-A: 1", "X-B: 2", "X-C: 3", "X-A: 4"], (await reading).Body.Trailers);
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("Trailer: Content-Length\r\n", "Content-Length: 2", "Transfer-Encoding: chunked", "Host: x", "Content-Type: a/b", "Trailer: X-A")]
    [InlineData("Trailer: Connection\r\n", "Connection: close", "Keep-Alive: timeout=5", "Upgrade: h2c", "TE: trailers")]
    public async Task Those_that_have_no_place_there_do_not(string announced, params string[] trailers)
    {
        await using var passage = await AnsweringAsync(announced, $"2\r\nok\r\n0\r\n{string.Concat(trailers.Select(line => line + "\r\n"))}\r\n");
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);

        var answer = await client.ReadAnswerAsync();

        Assert.Equal(("ok", true), (answer.BodyText, answer.Body.Whole));
        Assert.Empty(answer.Body.Trailers);
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("TE: trailers\r\n", "2\r\nok\r\n", "X-Sum: 7")]
    [InlineData("TE: gzip;q=0.5, Trailers\r\n", "", "X-Sum: 7")]
    [InlineData("", "2\r\nok\r\n")]
    [InlineData("TE: gzip\r\n", "")]
    public async Task Those_that_are_not_announced_reach_a_client_that_takes_trailers(string field, string body, params string[] trailers)
    {
        await using var passage = await AnsweringAsync("", body + "0\r\nX-Sum: 7\r\n\r\n");

        var answer = await passage.AskAsync($"GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n");

        Assert.Equal((body.Length > 0 ? "ok" : "", true), (answer.BodyText, answer.Body.Whole));
        Assert.Equal(trailers, answer.Body.Trailers);
    }

    [Fact]
    public async Task One_that_has_no_place_there_costs_the_others_nothing()
    {
        await using var passage = await AnsweringAsync(
            "Trailer: X-Sum\r\nConnection: X-Named\r\n", "2\r\nok\r\n0\r\nContent-Length: x\r\nX-Sum: 7\r\nTransfer-Encoding: gzip\r\nX-Named: 1\r\n\r\n");

        var answer = await passage.AskAsync(Get);

        Assert.Equal(["X-Sum: 7"], answer.Body.Trailers);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_gets_the_body_without_them()
    {
        await using var passage = await AnsweringAsync("Trailer: X-Sum\r\n", "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");

        var answer = await passage.AskAsync("GET / HTTP/1.0\r\nHost: x\r\n\r\n");

        Assert.Equal(("ok", RawFraming.Close), (answer.BodyText, answer.Body.Framing));
    }

    [Theory]
    [InlineData("no colon")]
    [InlineData("X-A : 1")]
    [InlineData(" X-A: 1")]
    [InlineData("X-A: 1\u0001")]
    public async Task Malformed_ones_break_the_answer_off_and_cost_the_backend_its_connection(string trailer)
    {
        var seen = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            RawScripts.InTurn(
                async exchange =>
                {
                    await exchange.ReadRequestAsync();
                    await exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
                    await seen.Task.WaitAsync(exchange.Stopping);
                    await exchange.WriteAsync($"0\r\n{trailer}\r\n\r\n");
                },
                RawScripts.Answer(200, "regular")));
        await using (var client = await passage.ConnectAsync())
        {
            await client.SendAsync(Get);
            await client.ReadHeadAsync();
            seen.SetResult();
            await client.ReadToEndAsync();
            Assert.Equal(RawEnd.Reset, client.End);
        }

        Assert.Equal("regular", (await passage.AskAsync(Get)).BodyText);
        Assert.Equal([(0, 0), (1, 0)], passage.Backend.Requests.Select(request => (request.Connection, request.NumberOnConnection)));
        await passage.Gateway.StopAsync();
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    private static Task<Passage> AnsweringAsync(string announced, string chunks) => Passage.StartAsync(
        async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{announced}\r\n{chunks}");
        });
}
