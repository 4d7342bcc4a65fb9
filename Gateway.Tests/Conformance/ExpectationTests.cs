using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Clients that wait for 100 before they send their body (RFC 9110 10.1.1), to HTTP/1.1 backends.</summary>
public sealed class ExpectationTests
{
    private const string Asking = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

    [Theory]
    [InlineData(Asking, "hello")]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    public async Task The_backend_is_asked_and_its_word_reaches_the_client(string request, string body)
    {
        var asked = new TaskCompletionSource<bool>();
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                var head = (await exchange.ReadHeadAsync()).Head;
                asked.TrySetResult(head.Value("Expect") == "100-continue");
                await exchange.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
                await exchange.ReadBodyAsync();
                await exchange.AnswerAsync();
            });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(request);

        Assert.True(await asked.Task.WaitAsync(RawBackend.WaitTimeout));
        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync(body);

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal("hello", passage.Backend.Requests[0].BodyText);
        await Passage.SettleAsync(client);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connection_pool_idle"));
    }

    [Fact]
    public async Task A_backend_that_knows_nothing_of_it_gets_the_body_after_a_second()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Asking);

        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync("hello");

        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
    }

    [Theory]
    [InlineData(417)]
    [InlineData(200)]
    public async Task A_final_answer_first_means_that_the_body_is_not_wanted(int status)
    {
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadHeadAsync();
                await exchange.AnswerAsync(status, "no");
                await exchange.HangAsync();
            },
            settings: SlowTime.EndSoon, clock: new SlowTime()); // After a second the gateway would ask for the body by itself.
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Asking);

        var answer = await client.ReadAnswerAsync();

        Assert.Equal((status, "no", "close", 0), (answer.Status, answer.BodyText, answer.Head.Value("Connection"), answer.Interim.Count));
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(0, passage.Backend.Requests[0].BodyLength);
        await Eventually.IsAsync(() => passage.Backend.ConnectionsOpen == 0);
    }

    [Fact]
    public async Task A_body_that_has_not_been_sent_may_go_to_another_backend()
    {
        await using var failing = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.AnswerAsync(503, "no", "Connection: close");
            await exchange.HangAsync();
        });
        await using var other = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await exchange.ReadBodyAsync();
            await exchange.AnswerAsync();
        });
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address], settings: SlowTime.EndSoon, clock: new SlowTime());
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Asking.Replace("POST", "PUT", StringComparison.Ordinal));

        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);
        await client.SendAsync("hello");

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal((0L, "hello"), (failing.Requests[0].BodyLength, other.Requests[0].BodyText));
    }
}
