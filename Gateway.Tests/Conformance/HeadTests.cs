using System.Net;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>When the head of an answer is sent: a client waiting for it must not wait for the body too.</summary>
public sealed class HeadTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("1.1", "Content-Length: 2\r\n\r\n", "ok")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\n\r\n", "2\r\nok\r\n0\r\n\r\n")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n", "2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\n\r\n2\r\n", "ok\r\n0\r\n\r\n")]
    [InlineData("1.1", "Content-Type: text/event-stream\r\n\r\n", "ok")]
    [InlineData("1.1", "\r\n", "ok")]
    [InlineData("1.0", "Content-Length: 2\r\n\r\n", "ok")]
    [InlineData("1.0", "Transfer-Encoding: chunked\r\n\r\n", "2\r\nok\r\n0\r\n\r\n")]
    public async Task A_head_reaches_the_client_before_its_body_has_begun(string version, string head, string body)
    {
        var seen = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\n{head}");
            await seen.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync(body);
            exchange.Close();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"GET / HTTP/{version}\r\nHost: x\r\n\r\n");

        var got = await client.ReadHeadAsync();
        seen.SetResult();

        Assert.StartsWith("HTTP/1.1 200", got.StartLine, StringComparison.Ordinal);
        var reader = new BodyReader(client, got.Value("Transfer-Encoding") is not null, got);
        Assert.Equal("ok"u8.ToArray(), await reader.ReadAsync(2));
    }

    [Fact]
    public async Task The_same_over_HTTP_2()
    {
        var seen = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await seen.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync("2\r\nok\r\n0\r\n\r\n");
        });
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var client = new HttpClient { Timeout = RawBackend.WaitTimeout };
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Http2Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        seen.SetResult();

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Content-Length: 8\r\n\r\nhalf", "half")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nhalf\r\n0\r\n\r\n")]
    public async Task A_client_that_sends_on_only_after_the_head_gets_it(string begun, string rest)
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
            await exchange.WriteAsync((await exchange.ReadBodyAsync()).BodyText);
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\n{begun}");

        await client.ReadHeadAsync();
        await client.SendAsync(rest);

        Assert.Equal("halfhalf"u8.ToArray(), await client.ReadBytesAsync(8));
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("Content-Length: 2\r\n\r\nok")]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    public async Task A_small_answer_that_comes_whole_leaves_in_one_write(string answer)
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\n{answer}");
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Get);
        Assert.True((await client.ReadAnswerAsync()).Body.Whole);
        var before = passage.IsTls ? client.DataSegments() : 1; // A handshake and its tickets take some segments.
        for (var answers = 0; answers < 20; answers++)
        {
            Assert.Equal(before + answers, client.DataSegments());
            await client.SendAsync(Get);
            Assert.True((await client.ReadAnswerAsync()).Body.Whole);
        }
    }
}
