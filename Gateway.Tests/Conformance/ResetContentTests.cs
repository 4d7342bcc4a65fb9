using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>205, which has no content but is framed as if it had (RFC 9110 15.3.6), on the native transport.</summary>
public sealed class ResetContentTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 2\r\n\r\nok")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("\r\nok")]
    public async Task One_with_content_is_malformed(string answer)
    {
        await using var passage = await StartAsync(answer);

        ProblemShape.AssertProblem(await passage.AskAsync(Get), 502, "http_protocol_error");
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task One_without_any_passes(string answer)
    {
        await using var passage = await StartAsync(answer);
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);

        var got = await client.ReadAnswerAsync();

        Assert.Equal((205, ""), (got.Status, got.BodyText));
        await Passage.SettleAsync(client);
    }

    private static Task<Passage> StartAsync(string answer) => Passage.StartAsync(
        RawScripts.Exactly($"HTTP/1.1 205 Reset Content\r\n{answer}"), pool => pool with { Retry = new() { Attempts = 0 } });
}
