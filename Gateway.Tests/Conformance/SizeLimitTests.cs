using Gateway.Node.Settings;

namespace Gateway.Tests.Conformance;

/// <summary>Messages beyond size limits: bodies by the gateway's or the route's limit, request lines, heads.</summary>
public sealed class SizeLimitTests
{
    [Theory]
    [InlineData("/", 10)]
    [InlineData("/large", 20)]
    [InlineData("/small", 5)]
    public async Task A_body_of_exactly_the_limit_passes(string path, int limit)
    {
        await using var passage = await Passage.StartAsync(settings: Limited);
        var body = new string('x', limit);
        Assert.Equal(body, (await passage.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {limit}\r\n\r\n{body}")).BodyText);
        Assert.Equal(body, (await passage.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{limit:x}\r\n{body}\r\n0\r\n\r\n")).BodyText);
    }

    [Theory]
    [InlineData("/", 11)]
    [InlineData("/large", 21)]
    [InlineData("/small", 6)]
    [InlineData("/", long.MaxValue)]
    public async Task A_longer_body_that_is_announced_is_refused_before_it_comes(string path, long length)
    {
        await using var passage = await Passage.StartAsync(settings: Limited);
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        ProblemShape.AssertProblem(answer, 413, "http_request_error");
        Assert.Equal("close", answer.Head.Value("Connection"));
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("/", 11)]
    [InlineData("/large", 21)]
    [InlineData("/small", 6)]
    public async Task A_longer_body_that_is_not_announced_is_refused_when_it_shows(string path, int length)
    {
        await using var passage = await Passage.StartAsync(settings: Limited);
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{new string('x', length)}\r\n0\r\n\r\n" +
            "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        ProblemShape.AssertProblem(await client.ReadAnswerAsync(), 413, "http_request_error");
        Assert.Empty(await client.ReadToEndAsync());
        Assert.DoesNotContain(passage.Backend.Requests, request => request.BodyWhole || request.Target == "/smuggled");
    }

    [Fact]
    public async Task A_request_line_that_is_too_long_is_refused()
    {
        await using var passage = await Passage.StartAsync();
        await passage.AssertRefusedAsync(414, $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_malformed_total"));
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(101, 1)]
    public async Task A_head_that_is_too_large_is_refused(int fields, int size)
    {
        await using var passage = await Passage.StartAsync();
        var lines = string.Concat(Enumerable.Range(0, fields).Select(i => $"X-{i}: {new string('x', size)}\r\n"));
        await passage.AssertRefusedAsync(431, $"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_malformed_total"));
    }

    [Fact]
    public async Task A_large_head_passes()
    {
        await using var passage = await Passage.StartAsync();
        var value = new string('x', 30_000);
        Assert.Equal(value, (await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Large: {value}\r\n\r\n")).Head.Value("X-Large"));
    }

    private static GatewaySettings Limited(GatewaySettings settings) => settings with
    {
        Limits = settings.Limits with { MaxRequestBodySize = 10 },
        Routes =
        [
            new() { Name = "large", PathPrefix = "/large", Pool = "default", MaxRequestBodySize = 20 },
            new() { Name = "small", PathPrefix = "/small", Pool = "default", MaxRequestBodySize = 5 },
            new() { Name = "any", Pool = "default" },
        ],
    };
}
