using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Malformed answers: the client gets a 502 from the gateway, and their connection is not used again.</summary>
public sealed class MalformedAnswerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>A request that is not retried, so that its client sees the effect of the answer.</summary>
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    public static TheoryData<string> CarelessAnswers =>
    [
        "HTTP/1.1 200 OK\nX-A: 1 2\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1 2\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A : 1 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1 2\r\nContent-Length : 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1\r2\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1\02\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-A: 1 2\r\nTransfer-Encoding : chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: 1 2\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n",
    ];

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nTransfer-Encoding: chunked", "0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", "hello!")]
    [InlineData("Content-Length: 5, 6", "hello!")]
    [InlineData("Content-Length: five", "hello")]
    [InlineData("Content-Length: -5", "hello")]
    [InlineData("Content-Length: +5", "hello")]
    [InlineData("Content-Length: 0x5", "hello")]
    [InlineData("Content-Length: 5 5", "hello")]
    [InlineData("Content-Length:", "hello")]
    [InlineData("Content-Length: 18446744073709551621", "hello")]
    [InlineData("Transfer-Encoding: gzip, chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: identity", "hello")]
    [InlineData("Transfer-Encoding: chunked, gzip", "hello")]
    [InlineData("Transfer-Encoding:", "hello")]
    public async Task An_answer_whose_end_is_in_doubt_is_refused(string fields, string body)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}"));
        await AssertRefusedAsync(passage);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001 not HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1\r\n\r\n")]
    [InlineData("HTTP/1.1 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 -20 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTPS/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("ICY 200 OK\r\n\r\n")]
    [InlineData(" HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX A: 1\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: 1\u0001\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: \u007f\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 O\rK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\n X-A: 1\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    public async Task A_head_that_is_not_HTTP_is_refused(string answer)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular(answer));
        await AssertRefusedAsync(passage);
    }

    [Theory]
    [InlineData("xyz\r\nok\r\n0\r\n\r\n")]
    [InlineData("-2\r\nok\r\n0\r\n\r\n")]
    [InlineData("0x2\r\nok\r\n0\r\n\r\n")]
    [InlineData(" 2\r\nok\r\n0\r\n\r\n")]
    [InlineData("\r\nok\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nok\r\n0\r\n\r\n")]
    [InlineData("2\r\nokX\r\n0\r\n\r\n")]
    public async Task A_body_that_begins_with_a_bad_chunk_is_refused(string chunks)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        await AssertBrokenOnceAsync(passage);
    }

    [Theory]
    [InlineData("2\r\nok\r\nxyz\r\n")]
    [InlineData("2\r\nok\r\n2\r\nok\r\n2\r\nokX\r\n0\r\n\r\n")]
    [InlineData("2\r\nok\r\n0\r\nno colon\r\n\r\n")]
    public async Task A_later_chunk_that_is_bad_is_refused_if_it_comes_with_the_first(string chunks)
    {
        await using var passage = await Passage.StartAsync(
            OnceThenRegular($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        await AssertBrokenOnceAsync(passage);
    }

    [Theory]
    [MemberData(nameof(CarelessAnswers))]
    public async Task An_answer_that_is_written_carelessly_is_refused(string answer)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular(answer));
        await AssertRefusedAsync(passage);
    }

    /// <summary>Nothing of such an answer has reached the client, so requests that may be repeated are.</summary>
    [Theory]
    [InlineData("GET", "\u0016\u0003\u0001 not HTTP\r\n\r\n")]
    [InlineData("PUT", "\u0016\u0003\u0001 not HTTP\r\n\r\n")]
    [InlineData("DELETE", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nok\r\n0\r\n\r\n")]
    public async Task A_repeatable_request_is_tried_again_as_after_a_broken_connection(string method, string answer)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular(answer));
        var seen = await passage.AskAndSettleAsync($"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal((200, "regular"), (seen.Status, seen.BodyText));
        Assert.Equal([(0, 0), (1, 0)], passage.Backend.Requests.Select(request => (request.Connection, request.NumberOnConnection)));
        Assert.All(passage.Backend.Requests, request => Assert.Equal("hello", request.BodyText));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_retries_total", ("kind", "retry")));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 200)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", 204)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil", 204)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil", 304)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nevil", 200)]
    public async Task Bytes_left_over_after_an_answer_answer_no_request(string answer, int status)
    {
        await using var passage = await Passage.StartAsync(OnceThenRegular(answer));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var seen = await client.ReadAnswerAsync();
        Assert.Equal((status, status == 200 ? "ok" : ""), (seen.Status, seen.BodyText));

        await client.SendAsync(Get);
        Assert.Equal("regular", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal([(0, 0), (1, 0)], passage.Backend.Requests.Select(request => (request.Connection, request.NumberOnConnection)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2000)]
    public async Task A_head_that_is_too_large_is_refused(int fields)
    {
        var lines = string.Concat(Enumerable.Repeat($"X-Large: {new string('x', 40_000 / fields)}\r\n", fields));
        await using var passage = await Passage.StartAsync(OnceThenRegular($"HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\n\r\nok"));
        await AssertRefusedAsync(passage);
    }

    /// <summary>RFC 9112 6.3: two equal lengths are one, and the client gets it once.</summary>
    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 2")]
    [InlineData("Content-Length: 2, 2")]
    public async Task A_length_given_twice_is_passed_on_once(string fields)
    {
        await using var passage = await Passage.StartAsync(
            OnceThenRegular($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\nok"));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        var answer = await client.ReadAnswerAsync();
        Assert.Equal(("ok", 1, "2"), (answer.BodyText, answer.Head.Values("Content-Length").Count, answer.Head.Value("Content-Length")));
        await client.SendAsync(Get);
        Assert.Equal("regular", (await client.ReadAnswerAsync()).BodyText);
    }

    /// <summary>Sends a malformed answer to the first request of the first connection and leaves it open; valid ones afterwards.</summary>
    private static Func<RawExchange, Task> OnceThenRegular(string answer) => RawScripts.InTurn(
        async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync(answer);
        },
        RawScripts.Answer(200, "regular"));

    /// <summary>Fails unless the answer is the backend's failure, reported before the head is passed on.</summary>
    private static async Task AssertRefusedAsync(Passage passage)
    {
        await AssertBrokenOnceAsync(passage);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_failures_total", ("reason", "malformed")));
    }

    /// <summary>Fails unless the first request gets a 502 from the gateway, and the next one an answer on a new connection.</summary>
    private static async Task AssertBrokenOnceAsync(Passage passage)
    {
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Post);
        ProblemShape.AssertProblem(await client.ReadAnswerAsync(), 502, "http_protocol_error");

        await client.SendAsync(Get);
        Assert.Equal("regular", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal([(0, 0), (1, 0)], passage.Backend.Requests.Select(request => (request.Connection, request.NumberOnConnection)));
    }
}
