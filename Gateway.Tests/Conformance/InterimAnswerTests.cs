using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Interim answers (RFC 9110 15.2) from HTTP/1.1 backends.</summary>
public sealed class InterimAnswerTests
{
    private const string Regular = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Early_hints_reach_the_client_at_once_and_clean()
    {
        var seen = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                await exchange.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: X-Named\r\nX-Named: 1\r\nLink: </b>\r\n\r\n");
                await seen.Task.WaitAsync(exchange.Stopping);
                await exchange.WriteAsync(Regular);
            });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        var hints = await client.ReadHeadAsync();
        seen.SetResult();

        Assert.Equal("HTTP/1.1 103 Early Hints", hints.StartLine);
        Assert.Equal(["Link: </a>", "Link: </b>"], hints.Lines);
        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("GET", "HTTP/1.1", "HTTP/1.1 100 Continue\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Odd\r\nX-A: 1\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n", 2)]
    [InlineData("HEAD", "HTTP/1.1", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1)]
    [InlineData("GET", "HTTP/1.0", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0)]
    public async Task Others_are_taken_in_and_never_taken_for_the_answer(string method, string version, string interim, int passedOn)
    {
        await using var passage = await Passage.StartAsync(
            RawScripts.InTurn(
                async exchange =>
                {
                    await exchange.ReadRequestAsync();
                    await exchange.WriteAsync(interim + (method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" : Regular));
                },
                RawScripts.Answer(200, "next")));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"{method} / {version}\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");

        var answer = await client.ReadAnswerAsync(method);

        Assert.Equal((200, method == "HEAD" ? "" : "ok", passedOn), (answer.Status, answer.BodyText, answer.Interim.Count));
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("next", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal([0, 1], passage.Backend.Requests.Select(request => request.NumberOnConnection));
    }

    [Theory]
    [InlineData("Content-Length: 8\r\n\r\n", "complete", "")]
    [InlineData("Content-Length: 8\r\n\r\n", "half", "rest")]
    [InlineData("Content-Length: 8\r\n\r\n", "", "complete")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "4\r\nhalf\r\n", "4\r\nrest\r\n0\r\n\r\n")]
    public async Task Early_hints_come_while_a_request_still_sends_its_body(string framing, string before, string after)
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            await exchange.ReadBodyAsync();
            await exchange.WriteAsync(Regular);
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"PUT / HTTP/1.1\r\nHost: x\r\n{framing}{before}");

        Assert.Equal("HTTP/1.1 103 Early Hints", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync(after);

        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal(8, passage.Backend.Requests[0].BodyText.Length);
        await Passage.SettleAsync(client);
    }

    [Fact]
    public async Task Early_hints_come_before_the_word_that_a_client_waits_for()
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
            await exchange.ReadBodyAsync();
            await exchange.WriteAsync(Regular);
        }, settings: SlowTime.EndSoon, clock: new SlowTime()); // After a second the gateway would say the word by itself.
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

        Assert.Equal("HTTP/1.1 103 Early Hints", (await client.ReadHeadAsync()).StartLine);
        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync("body");

        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        await Passage.SettleAsync(client);
    }

    [Fact]
    public async Task A_backend_that_says_nothing_else_is_not_waited_for_longer_than_for_any()
    {
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                while (true)
                {
                    await exchange.WriteAsync("HTTP/1.1 102 Processing\r\n\r\n");
                    await Task.Delay(10, exchange.Stopping);
                }
            },
            pool => pool with { Timeouts = new() { Request = TimeSpan.FromMilliseconds(600) }, Retry = new() { Attempts = 0 } });

        ProblemShape.AssertProblem(await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 504, "http_response_timeout");
    }

    [Fact]
    public async Task Framing_fields_do_not_pass_in_one()
    {
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadRequestAsync();
                await exchange.WriteAsync(
                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 5\r\nTrailer: X-Sum\r\n\r\n" +
                    "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\nTransfer-Encoding: chunked\r\n\r\n" + Regular);
            });

        var answer = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal([["Link: </a>"], ["Link: </b>"]], answer.Interim.Select(head => head.Lines.ToArray()));
        Assert.Equal("ok", answer.BodyText);
    }

    [Theory]
    [InlineData("GET", "102 Processing", "")]
    [InlineData("GET", "103 Early Hints", "Link: </a>\r\n")]
    [InlineData("POST", "100 Continue", "")]
    public async Task A_backend_that_floods_with_them_is_cut_off_even_if_the_client_reads_nothing(string method, string status, string fields)
    {
        var flood = string.Concat(Enumerable.Repeat($"HTTP/1.1 {status}\r\n{fields}\r\n", 1000));
        var cutOff = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadHeadAsync();
                try
                {
                    while (true)
                    {
                        await exchange.WriteAsync(flood);
                    }
                }
                finally
                {
                    cutOff.SetResult();
                }
            },
            pool => pool with { Timeouts = new() { Request = TimeSpan.FromHours(1), Try = TimeSpan.FromMinutes(30) }, Retry = new() { Attempts = 0 } });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");

        await cutOff.Task.WaitAsync(RawBackend.WaitTimeout);
        await Eventually.IsAsync(() => passage.Gateway.Pool.Endpoints[0].Cell.InFlight == 0);

        ProblemShape.AssertProblem(await client.ReadAnswerAsync(method), 502, "http_protocol_error");
    }
}
