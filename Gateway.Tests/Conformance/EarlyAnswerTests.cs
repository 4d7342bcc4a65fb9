using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Answers that come before the request's body is finished.</summary>
public sealed class EarlyAnswerTests
{
    [Theory]
    [InlineData("Content-Length: 8\r\n\r\nhalf", "half")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nhalf\r\n0\r\n\r\n")]
    public async Task One_reaches_the_client(string request, string rest)
    {
        var answered = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.AnswerAsync(413, "early");
            answered.SetResult();
            await exchange.ReadBodyAsync();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\n{request}");
        await answered.Task.WaitAsync(RawBackend.Patience);
        await client.SendAsync(rest);
        var answer = await client.ReadAnswerAsync();
        Assert.Equal((413, "early"), (answer.Status, answer.BodyText));
        await Passage.SettleAsync(client);
    }

    [Fact]
    public async Task One_that_closes_reaches_the_client()
    {
        await using var passage = await Passage.StartAsync(RawScripts.EarlyAnswer());
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n{new string('x', 5_000_000)}");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal((413, "early"), (answer.Status, answer.BodyText));
    }
}
