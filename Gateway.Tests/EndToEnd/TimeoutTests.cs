using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Backends that keep the gateway waiting. A short try timeout only affects those that never answer.</summary>
public sealed class TimeoutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_slow_head_within_the_try_timeout_passes()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);

        var reply = gateway.AskAsync();
        await backend.WaitForRequestsAsync(1);
        let.SetResult();

        (await reply).AssertPassedOn(200, "late");
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_body_may_take_longer_than_the_try_and_the_request()
    {
        var (passed, let) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var slow = RawBackend.Start(RawScripts.SlowBody(let.Task));
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await TestGateway.StartAsync([slow.Address, hanging.Address], ShortTry);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();

        // Another request, begun later, has timed out: so would the slow body.
        (await gateway.AskAsync("POST")).AssertProblem(504, "http_response_timeout");
        let.SetResult();

        Assert.Equal("halfhalf", System.Text.Encoding.Latin1.GetString(await client.ReadBytesAsync(8)));
    }

    [Fact]
    public async Task A_get_that_hangs_goes_elsewhere()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([hanging.Address, other.Address], ShortTry);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        Assert.Single(await hanging.WaitForRequestsAsync(1)); // A busy machine may read it after the answer.
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "retry")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "timeout")));
    }

    [Fact]
    public async Task A_post_that_hangs_gets_504_and_is_sent_once()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([hanging.Address, other.Address], ShortTry);

        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(504, "http_response_timeout");

        Assert.Single(await hanging.WaitForRequestsAsync(1)); // A busy machine may read it after the answer.
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task The_only_backend_hanging_means_504()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await TestGateway.StartAsync([hanging.Address], ShortTry);

        (await gateway.AskAsync()).AssertProblem(504, "http_response_timeout");
    }

    [Fact]
    public async Task The_request_timeout_ends_the_retries_too()
    {
        await using var pool = new BackendSet(5, _ => RawScripts.Hang);
        await using var gateway = await TestGateway.StartAsync(
            pool.Addresses,
            settings => settings with { Retry = new() { Attempts = 10 }, Timeouts = new() { Request = 2 * Short, Try = TimeSpan.FromHours(1) } });

        (await gateway.AskAsync()).AssertProblem(504, "http_response_timeout");

        // A try takes at most half of the request timeout: two of them, and perhaps a third due to rounding. A slow machine may notice the end of the
        // first when there is no time left for the second.
        Assert.InRange(pool.Counts.Sum(), 1, 3);
    }

    [Fact]
    public async Task A_backend_that_falls_silent_in_the_middle_of_its_answer_is_cut_off_and_blamed()
    {
        await using var silent = RawBackend.Start(RawScripts.SlowBody(new TaskCompletionSource().Task));
        await using var gateway = await TestGateway.StartAsync([silent.Address], pool => pool with { Timeouts = new() { Idle = TimeSpan.FromSeconds(3) } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.False((await client.ReadAnswerAsync()).Body.Whole);

        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_client_that_leaves_early_says_nothing_of_the_backend()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await TestGateway.StartAsync([hanging.Address]);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await hanging.WaitForRequestsAsync(1);
            client.Reset();
        }

        await AssertBlamelessAsync(gateway, "499");
        Assert.Single(await hanging.WaitForRequestsAsync(1)); // A busy machine may read it after the answer.
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_the_answer_says_nothing_of_the_backend()
    {
        await using var slow = RawBackend.Start(RawScripts.SlowBody(new TaskCompletionSource().Task));
        await using var gateway = await TestGateway.StartAsync([slow.Address]);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await client.ReadHeadAsync();
            client.Reset();
        }

        await AssertBlamelessAsync(gateway, "200");
    }

    [Fact]
    public async Task A_client_slow_to_send_is_not_the_backends_fault()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], ShortTry);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            Assert.Equal(408, (await client.ReadAnswerAsync()).Status);
        }

        await AssertBlamelessAsync(gateway, "408");
    }

    [Fact]
    public async Task A_client_slow_to_read_is_not_the_backends_fault()
    {
        await using var backend = RawBackend.Start(AnswerWithoutEndAsync);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => pool with { Timeouts = new() { Idle = Short } },
            settings => settings with { Limits = new() { MinResponseDataRate = 0 } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();

        await AssertBlamelessAsync(gateway, "200");
    }

    [Fact]
    public async Task A_client_that_sends_below_the_minimum_rate_gets_408()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with { Limits = new() { MinRequestBodyDataRate = 1000 } });
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            Assert.Equal(408, (await client.ReadAnswerAsync()).Status);
        }

        await AssertBlamelessAsync(gateway, "408");
    }

    /// <summary>The rate is first checked after 5 s: a check that finds no fault ends nothing.</summary>
    [Fact]
    public async Task A_client_that_sends_slowly_but_above_the_minimum_rate_gets_its_answer()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with { Limits = new() { MinRequestBodyDataRate = 1 } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        const int Portions = 14;
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {Portions}\r\n\r\n");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < Portions && await pace.WaitForNextTickAsync(); i++)
        {
            await client.SendAsync("x");
        }

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_takes_below_the_minimum_rate_is_cut_off()
    {
        await using var backend = RawBackend.Start(AnswerWithoutEndAsync);
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings => settings with { Limits = new() { MinResponseDataRate = 1_000_000_000 } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();

        await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.InFlight == 0);

        await client.ReadToEndAsync();
        Assert.Equal(RawEnd.Reset, client.End);
        await AssertBlamelessAsync(gateway, "200");
    }

    private static async Task AnswerWithoutEndAsync(RawExchange exchange)
    {
        var some = new byte[1 << 20];
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        while (true)
        {
            await exchange.WriteAsync(some);
        }
    }

    /// <summary>Longer than <see cref="Short"/>, since requests that are answered are held to it too.</summary>
    private static PoolSettings ShortTry(PoolSettings pool) => pool with { Timeouts = new() { Request = TimeSpan.FromSeconds(8), Try = TimeSpan.FromSeconds(2) } };

    /// <summary>The only request ended with this status, and nothing counts against the backend.</summary>
    private static async Task AssertBlamelessAsync(TestGateway gateway, string status)
    {
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", status)));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Breaker.Failures);
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Failures);
    }
}
