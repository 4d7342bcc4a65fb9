using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Answers that arrive before the end of the request's body.</summary>
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
        await answered.Task.WaitAsync(RawBackend.WaitTimeout);
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

    /// <summary>Lengths around the buffers' capacity, so that for one of them the last piece is not taken.</summary>
    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nearly")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nearly\r\n0\r\n\r\n")]
    public async Task One_is_not_held_up_by_a_backend_that_takes_no_more_of_the_request(string answer)
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync($"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n{answer}");
            await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping);
        });

        await Task.WhenAll(Enumerable.Range(1, 24).Select(async n =>
        {
            await using var client = await passage.ConnectAsync();
            var length = n * 256 * 1024;
            await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
            var sending = client.SendAsync(new byte[length]);
            Assert.Equal((413, "early"), await client.ReadAnswerAsync() is var got ? (got.Status, got.BodyText) : default);
            client.Reset();
            await sending.ContinueWith(static _ => { }, TaskScheduler.Default); // The fate of the rest does not matter.
        }));

        await Eventually.IsAsync(() => passage.Gateway.Pool.Endpoints[0].Cell.InFlight == 0);
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_connection_pool_size"));
    }

    /// <summary>The clock is another exchange, begun later, whose idle timeout ends while this one continues to send.</summary>
    [Fact]
    public async Task A_long_upload_behind_one_is_not_idle()
    {
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadHeadAsync();
                await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                await exchange.ReadBodyAsync();
                await exchange.WriteAsync("done");
            },
            pool => pool with { Timeouts = new() { Idle = TimeSpan.FromSeconds(3) } });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("POST /long HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
        await client.ReadHeadAsync();
        var upload = await passage.Backend.WaitForRequestAsync(request => request.Target == "/long");

        var sent = 1;
        await using var silent = await passage.ConnectAsync();
        await silent.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf");
        await silent.ReadHeadAsync();
        for (var end = silent.ReadToEndAsync(); !end.IsCompleted;)
        {
            await client.SendAsync("1\r\nx\r\n");
            sent++;
            await passage.Backend.WaitForRequestAsync(_ => upload.BodyLength >= sent);
        }

        await client.SendAsync("0\r\n\r\n");
        Assert.Equal("done"u8.ToArray(), await client.ReadBytesAsync(4));
        await Passage.SettleAsync(client);
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_backend_failures_total"));
    }
}
