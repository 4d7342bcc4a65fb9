using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Client connections: kept, closed, pipelined, HTTP/1.0.</summary>
public sealed class ConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task Connections_are_kept_on_both_sides()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync($"POST /{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
            var answer = await client.ReadAnswerAsync();
            Assert.Equal((200, "ok"), (answer.Status, answer.BodyText));
            Assert.Empty(answer.Head.Values("Connection"));
        }

        Assert.Equal([0, 0, 0, 0, 0], passage.Backend.Requests.Select(request => request.Connection));
        Assert.Equal([0, 1, 2, 3, 4], passage.Backend.Requests.Select(request => request.NumberOnConnection));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(200, $"{request.Method} {request.Target} {request.BodyText}");
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n" +
            "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" +
            "PUT /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n" +
            "HEAD /4 HTTP/1.1\r\nHost: x\r\n\r\n" +
            "\r\nGET /5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" +
            "GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("GET /1 ", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal("POST /2 abc", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal("PUT /3 def", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal("8", (await client.ReadAnswerAsync("HEAD")).Head.Value("Content-Length"));
        Assert.Equal("GET /5 ", (await client.ReadAnswerAsync()).BodyText);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.DoesNotContain(passage.Backend.Requests, request => request.Target == "/never");
    }

    [Fact]
    public async Task A_client_that_wants_to_close_is_closed()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal(("close", "ok"), (answer.Head.Value("Connection"), answer.BodyText));
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
        Assert.Empty(passage.Backend.Requests[0].Head.Values("Connection"));
    }

    [Theory]
    [InlineData("keep-alive", true)]
    [InlineData("Keep-Alive, TE", true)]
    [InlineData("Upgrade, HTTP2-Settings", true)]
    [InlineData("keep-alive, X-Named", true)]
    [InlineData("close, keep-alive", false)]
    public async Task A_connection_option_decides_whether_it_is_kept(string options, bool kept)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nConnection: {options}\r\n\r\n");
        Assert.Equal(kept ? null : "close", (await client.ReadAnswerAsync()).Head.Value("Connection"));
        if (kept)
        {
            await Passage.SettleAsync(client);
        }
        else
        {
            Assert.Empty(await client.ReadToEndAsync());
        }
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello", RawFraming.ContentLength)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", RawFraming.Close)]
    [InlineData("\r\nhello", RawFraming.Close)]
    public async Task A_client_of_HTTP_1_0_gets_what_it_understands(string answer, RawFraming framing)
    {
        await using var passage = await Passage.AnsweringAsync($"HTTP/1.1 200 OK\r\n{answer}");
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
        var seen = await client.ReadAnswerAsync();
        Assert.Equal((framing, "hello"), (seen.Body.Framing, seen.BodyText));
        Assert.Empty(seen.Head.Values("Transfer-Encoding"));
        Assert.Empty(await client.ReadToEndAsync());
        Assert.EndsWith("HTTP/1.1", passage.Backend.Requests[0].Head.StartLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_may_keep_its_connection()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("POST / HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab");
            var answer = await client.ReadAnswerAsync();
            Assert.Equal(("keep-alive", "ok"), (answer.Head.Value("Connection"), answer.BodyText));
        }
    }

    [Fact]
    public async Task A_backend_of_HTTP_1_0_is_understood()
    {
        await using var passage = await Passage.AnsweringAsync("HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nuntil the close");
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 200", answer.Head.StartLine, StringComparison.Ordinal);
        Assert.Equal(("until the close", RawFraming.Chunked), (answer.BodyText, answer.Body.Framing));
        await Passage.SettleAsync(client);
    }

    /// <summary>Reading such a long list would be wasted work, for each of many fields.</summary>
    [Fact]
    public async Task A_connection_field_that_names_more_than_anybody_needs_is_refused()
    {
        await using var passage = await Passage.StartAsync();
        await passage.AssertRefusedAsync(400, $"GET / HTTP/1.1\r\nHost: x\r\nConnection: {new string(',', 27_000)}\r\n\r\n");
        await passage.AssertRefusedAsync(400, $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 65).Select(n => $"Connection: a{n}\r\n"))}\r\n");
    }

    [Fact]
    public async Task One_with_many_names_withholds_each_of_them()
    {
        await using var passage = await Passage.StartAsync();
        var names = string.Join(", ", Enumerable.Range(0, 50).Select(n => $"X-{n}"));
        var fields = string.Concat(Enumerable.Range(0, 70).Select(n => $"x-{n}: {n}\r\n"));

        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive,,{names}\r\n{fields}\r\n");

        Assert.Equal(
            Enumerable.Range(50, 20).Select(n => $"x-{n}"),
            seen.Head.Lines.Select(line => line.Split(':')[0]).Where(name => name.StartsWith("x-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_whose_connection_field_names_more_than_anybody_needs_is_malformed()
    {
        await using var passage = await Passage.StartAsync(
            RawScripts.Exactly($"HTTP/1.1 200 OK\r\nConnection: {new string(',', 27_000)}\r\nContent-Length: 0\r\n\r\n"),
            pool => pool with { Retry = new() { Attempts = 0 } });

        ProblemShape.AssertProblem(await passage.AskAsync(Get), 502, "http_protocol_error");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")]
    public async Task A_client_that_sends_no_more_after_its_request_gets_its_answer(string request)
    {
        var let = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, new string('x', 1_000_000));
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(request);
        await client.ShutdownSendAsync();
        await passage.Backend.WaitForRequestsAsync(1);
        await passage.AskAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"); // A turn, in which the gateway sees the end of the requests.
        let.SetResult();

        Assert.Equal((200, 1_000_000), await client.ReadAnswerAsync() is var got ? (got.Status, got.BodyText.Length) : default);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
    }
}
