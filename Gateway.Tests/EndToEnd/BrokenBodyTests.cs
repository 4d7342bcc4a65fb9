using System.Text;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Answers that break off after their head: the client must be able to tell, and nothing is retried once it has bytes.</summary>
public sealed class BrokenBodyTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Lengthy = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";

    [Theory]
    [InlineData(Lengthy, true)]
    [InlineData(Lengthy, false)]
    [InlineData(Chunked, true)]
    [InlineData(Chunked, false)]
    public async Task A_body_that_breaks_off_is_never_passed_off_as_whole(string part, bool reset)
    {
        var seen = new TaskCompletionSource();
        await using var backend = RawBackend.Start(BreaksAfter(part, seen.Task, reset));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address, other.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync(Get);
        await client.ReadHeadAsync();
        seen.SetResult();
        var body = Encoding.Latin1.GetString(await client.ReadToEndAsync());

        Assert.True(body.Length < 1000);
        Assert.DoesNotContain("0\r\n\r\n", body, StringComparison.Ordinal);
        Assert.NotEqual(RawEnd.Open, client.End);
        Assert.Empty(other.Requests);
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Fact]
    public async Task Each_body_that_breaks_off_counts_against_its_backend()
    {
        await using var backend = RawBackend.Start(RawScripts.ResetInMidBody());
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Breaker = new() { Threshold = 1000 } });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 25; i++)
            {
                await using var client = await RawClient.ConnectAsync(gateway.Address);
                await client.SendAsync(Get);
                await client.ReadToEndAsync();
            }
        }));

        await gateway.StopAsync();
        Assert.Equal(200, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_client_that_only_the_close_tells_the_end_gets_a_reset_instead()
    {
        var seen = new TaskCompletionSource();
        await using var backend = RawBackend.Start(BreaksAfter(Chunked, seen.Task, reset: false));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
        Assert.Null((await client.ReadHeadAsync()).Value("Transfer-Encoding"));
        Assert.Equal("hello", Encoding.Latin1.GetString(await client.ReadBytesAsync(5)));
        seen.SetResult();

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Reset, client.End);
    }

    /// <summary>The reset comes right after the head, before that is passed on; but on a busy machine it may be late.</summary>
    [Fact]
    public async Task A_get_reset_after_the_head_goes_elsewhere_while_the_client_has_nothing()
    {
        await using var backend = RawBackend.Start(RawScripts.ResetAfterHead());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address, other.Address], pool => pool with { Breaker = new() { Threshold = 1000 } });

        for (var asked = 0; await gateway.MetricAsync("gateway_retries_total", ("kind", "retry")) == 0; asked++)
        {
            Assert.InRange(asked, 0, 100);
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            var got = Encoding.Latin1.GetString(await client.ReadToEndAsync());
            Assert.True(client.End == RawEnd.Reset || got.EndsWith("\r\n\r\nok", StringComparison.Ordinal), got);
        }

        Assert.Equal(backend.Requests.Count, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    /// <summary>The reset may be late here too: then the client has the head of the answer that breaks.</summary>
    [Fact]
    public async Task Fields_of_an_answer_that_broke_do_not_stay_in_the_next()
    {
        await using var backend = RawBackend.Start(BreaksAfter(
            "HTTP/1.1 201 Created\r\nX-Broken: 1\r\nTransfer-Encoding: chunked\r\n\r\n", Task.CompletedTask, reset: true));
        await using var other = RawBackend.Start(RawScripts.Answer(200, "ok", "X-Whole: 1"));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address, other.Address], pool => pool with { Breaker = new() { Threshold = 1000 } });

        for (var asked = 0; await gateway.MetricAsync("gateway_retries_total", ("kind", "retry")) == 0; asked++)
        {
            Assert.InRange(asked, 0, 100);
            var answer = await RawClient.AskAsync(gateway.Address, Get);
            if (answer.Status == 201)
            {
                continue;
            }

            Assert.Equal((200, "ok"), (answer.Status, answer.BodyText));
            Assert.Equal(("1", null), (answer.Head.Value("X-Whole"), answer.Head.Value("X-Broken")));
            Assert.Equal(RawFraming.ContentLength, answer.Body.Framing);
            Assert.Single(answer.Head.Values("Via"));
        }
    }

    [Fact]
    public async Task A_post_reset_after_the_head_is_not_repeated()
    {
        await using var backend = RawBackend.Start(RawScripts.ResetAfterHead());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address, other.Address]);

        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        var got = Encoding.Latin1.GetString(await client.ReadToEndAsync());

        Assert.True(client.End == RawEnd.Reset || got.StartsWith("HTTP/1.1 502", StringComparison.Ordinal), got);
        Assert.Single(backend.Requests);
        Assert.Empty(other.Requests);
    }

    private static Func<RawExchange, Task> BreaksAfter(string part, Task when, bool reset) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync(part);
        await when.WaitAsync(exchange.Stopping);
        if (reset)
        {
            exchange.Reset();
        }
        else
        {
            exchange.Close();
        }
    };
}
