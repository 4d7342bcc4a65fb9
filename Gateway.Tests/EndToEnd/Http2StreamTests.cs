using System.Net;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Streams of HTTP/2 clients, with HTTP/1.1 backends: both directions at once, slow sides, resets, and a replica that shuts down.</summary>
public sealed class Http2StreamTests
{
    /// <summary>More than all buffers on the way hold together.</summary>
    private const int Much = 64 * 1024 * 1024;

    private static readonly byte[] Piece = new byte[64 * 1024];

    [Fact]
    public async Task An_answer_flows_while_the_request_is_being_sent()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                var chunk = await exchange.ReadBytesAsync(6); // 1, end of line, payload, end of line.
                await exchange.WriteAsync(chunk);
            }

            await exchange.ReadBytesAsync(5);
            await exchange.WriteAsync("0\r\n\r\n");
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var content = new PushedContent();
        using var request = Request(HttpMethod.Post, content);

        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await content.PushAsync("a");
        using var answer = await sending;
        await using var body = await answer.Content.ReadAsStreamAsync();
        Assert.Equal("a", await ReadAsync(body, 1));
        foreach (var text in (string[])["b", "c"])
        {
            await content.PushAsync(text);
            Assert.Equal(text, await ReadAsync(body, 1));
        }

        content.End();
        Assert.Equal(0, await body.ReadAsync(new byte[1]).AsTask().WaitAsync(RawBackend.WaitTimeout));
    }

    [Fact]
    public async Task An_answer_that_comes_first_ends_the_request()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
            await exchange.HangAsync();
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var content = new PushedContent();
        using var request = Request(HttpMethod.Post, content);

        var sending = client.SendAsync(request);
        await content.PushAsync("begun");
        using var answer = await sending.WaitAsync(RawBackend.WaitTimeout);

        Assert.Equal((HttpStatusCode.Forbidden, "no"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_client_that_takes_no_more_slows_the_backend_down()
    {
        long sent = 0;
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Much}\r\n\r\n");
            for (var i = 0; i < Much / Piece.Length; i++)
            {
                await exchange.WriteAsync(Piece);
                Interlocked.Add(ref sent, Piece.Length);
            }
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var request = Request(HttpMethod.Get);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.InRange(await RestAsync(() => Interlocked.Read(ref sent)), 1, Much / 2);

        var body = await answer.Content.ReadAsByteArrayAsync().WaitAsync(RawBackend.WaitTimeout);
        Assert.Equal(Much, body.Length);
    }

    [Fact]
    public async Task A_backend_that_takes_no_more_slows_the_client_down()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.ReadBodyAsync();
            await exchange.AnswerAsync(200, "ok");
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var content = new PushedContent();
        using var request = Request(HttpMethod.Post, content);
        var sending = client.SendAsync(request);
        var pushing = PushAsync(content);

        Assert.InRange(await RestAsync(() => content.Taken), 1, Much / 2);

        let.SetResult();
        await pushing.WaitAsync(RawBackend.WaitTimeout);
        using var answer = await sending.WaitAsync(RawBackend.WaitTimeout);
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(Much, backend.Requests[0].Body.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_resets_its_stream_ends_the_exchange_and_nobody_is_to_blame(bool whileSending)
    {
        var left = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(whileSending ? "" : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            await exchange.HangAsync();
            left.SetResult();
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var limit = new CancellationTokenSource();
        using var content = new PushedContent();
        using var request = whileSending ? Request(HttpMethod.Post, content) : Request(HttpMethod.Get);
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (whileSending)
        {
            await content.PushAsync("begun");
            await backend.WaitForRequestsAsync(1);
            await limit.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
            content.End();
        }
        else
        {
            using var answer = await sending;
            await using var body = await answer.Content.ReadAsStreamAsync();
            Assert.Equal("half", await ReadAsync(body, 4));
        }

        await left.Task.WaitAsync(RawBackend.WaitTimeout);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_resets_its_stream_and_no_other()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            var isBroken = (await exchange.ReadRequestAsync()).Target == "/broken";
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            if (isBroken)
            {
                exchange.Reset();
                return;
            }

            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync("half");
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var stays = Request(HttpMethod.Get);
        using var breaks = Request(HttpMethod.Get, target: "/broken");
        using var whole = await client.SendAsync(stays, HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(breaks));
        let.SetResult();

        Assert.Equal("halfhalf", await whole.Content.ReadAsStringAsync());
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_stream_that_is_under_way_finishes_while_the_replica_leaves()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync("half");
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway);
        using var request = Request(HttpMethod.Get);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        var stopping = gateway.StopAsync();
        await gateway.LoggedAsync("draining: /ready fails");
        Assert.False(stopping.IsCompleted);
        let.SetResult();

        Assert.Equal("halfhalf", await answer.Content.ReadAsStringAsync());
        await stopping.WaitAsync(RawBackend.WaitTimeout);
    }

    private static async Task PushAsync(PushedContent content)
    {
        for (var i = 0; i < Much / Piece.Length; i++)
        {
            await content.PushAsync(Piece);
        }

        content.End();
    }

    /// <summary>The value of a count once it stays the same for a while.</summary>
    private static async Task<long> RestAsync(Func<long> count)
    {
        var (last, looks) = (0L, 0);
        await Eventually.IsAsync(() =>
        {
            var now = count();
            (last, looks) = (now, now == last && now > 0 ? looks + 1 : 0);
            return looks == 15;
        });
        return last;
    }

    private static async Task<string> ReadAsync(Stream body, int count)
    {
        var bytes = new byte[count];
        await body.ReadExactlyAsync(bytes).AsTask().WaitAsync(RawBackend.WaitTimeout);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }

    private static HttpClient Client(TestGateway gateway) =>
        new(new SocketsHttpHandler { InitialHttp2StreamWindowSize = 64 * 1024 }) { BaseAddress = gateway.Http2Address };

    private static HttpRequestMessage Request(HttpMethod method, HttpContent? content = null, string target = "/") => new(method, target)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = content,
    };

    private static Task<TestGateway> StartAsync(RawBackend backend) =>
        TestGateway.StartAsync([backend.Address], settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
}
