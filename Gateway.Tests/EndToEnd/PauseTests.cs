using Gateway.Actors.Running;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// A process that did not run for a minute during exchanges: their answers are in its sockets when it continues, and only the process itself was silent.
/// </summary>
public sealed class PauseTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_request_that_waits_for_its_head_goes_on_waiting()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(let.Task));
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync([backend.Address], ByDefault, clock: time);
        var reply = gateway.AskAsync("POST", body: "hello");
        await backend.WaitForRequestsAsync(1);

        await PauseAsync(gateway, time);
        let.SetResult();

        (await reply).AssertPassedOn(200, "late");
        await AssertBlamelessAsync(gateway);
        Assert.True(gateway.Pool.Endpoints[0].Cell.Latency.Average < Pause / 2, "the pause counts as the endpoint's latency");
    }

    [Fact]
    public async Task A_request_over_HTTP_2_that_waits_for_its_head_goes_on_waiting()
    {
        var let = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await let.Task.WaitAsync(exchange.Stopping);
            await Http2Backend.AnswerAsync(exchange);
        });
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => ByDefault(Http2(pool)), clock: time);
        var reply = gateway.AskAsync("POST", body: "hello");
        await (await backend.WaitForRequestsAsync(1))[0].WaitForEndAsync();

        await PauseAsync(gateway, time);
        let.SetResult();

        (await reply).AssertPassedOn(200, "ok");
        await AssertBlamelessAsync(gateway);
        Assert.True(gateway.Pool.Endpoints[0].Cell.Latency.Average < Pause / 2, "the pause counts as the endpoint's latency");
    }

    [Fact]
    public async Task A_body_over_HTTP_2_that_was_about_to_come_goes_on_coming()
    {
        var let = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-length", "8"));
            await exchange.WriteDataAsync("half");
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteDataAsync("half", end: true);
        });
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => Http2(pool) with { Timeouts = new() { Idle = Pause / 2 } }, clock: time);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();

        await PauseAsync(gateway, time);
        let.SetResult();

        Assert.Equal("halfhalf", System.Text.Encoding.Latin1.GetString(await client.ReadBytesAsync(8)));
        await AssertBlamelessAsync(gateway);
    }

    [Fact]
    public async Task A_body_that_was_about_to_come_goes_on_coming()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowBody(let.Task));
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Timeouts = new() { Idle = Pause / 2 } }, clock: time);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadHeadAsync();

        await PauseAsync(gateway, time);
        let.SetResult();

        Assert.Equal("halfhalf", System.Text.Encoding.Latin1.GetString(await client.ReadBytesAsync(8)));
        await AssertBlamelessAsync(gateway);
    }

    [Fact]
    public async Task A_client_that_left_meanwhile_had_not_waited_for_the_backend()
    {
        await using var backend = RawBackend.Start(RawScripts.Hang);
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync([backend.Address], ByDefault, clock: time);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await backend.WaitForRequestsAsync(1);
            await PauseAsync(gateway, time);
            client.Reset();
        }

        await AssertBlamelessAsync(gateway);
    }

    [Fact]
    public async Task A_queued_request_goes_on_waiting()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(let.Task));
        var time = new JumpingTime();
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => pool with { Connections = new() { Max = 1, QueueTimeout = Pause / 2 }, Timeouts = new() { Request = Pause, Try = Pause / 2 } },
            clock: time);
        var (first, second) = (gateway.AskAsync(), gateway.AskAsync());
        await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.InFlight == 2);
        await backend.WaitForRequestsAsync(1);

        await PauseAsync(gateway, time);
        let.SetResult();

        (await first).AssertPassedOn(200, "late");
        (await second).AssertPassedOn(200, "late");
        await AssertBlamelessAsync(gateway);
    }

    /// <summary>With time limits that a pause exceeds.</summary>
    private static PoolSettings ByDefault(PoolSettings pool) => pool with { Timeouts = TimeoutPolicy.Default };

    private static PoolSettings Http2(PoolSettings pool) => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } };

    /// <summary>Jumps the clock, and lets the process run long enough to see the effect.</summary>
    private static async Task PauseAsync(TestGateway gateway, JumpingTime time)
    {
        var running = gateway.Services.GetRequiredService<RunningClock>();
        time.Jump(Pause);
        await Eventually.IsAsync(() => running.Lost > Pause / 2);
        var on = running.GetTimestamp();
        await Eventually.IsAsync(() => running.GetElapsedTime(on) > 10 * RunningClock.Period);
        await gateway.LoggedAsync("this process was paused for");
    }

    private static async Task AssertBlamelessAsync(TestGateway gateway)
    {
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Failures);

        // Once, in addition to any time that a busy machine kept from the process.
        Assert.InRange(await gateway.MetricAsync("gateway_paused_seconds_total"), Pause.TotalSeconds - 1, (2 * Pause.TotalSeconds) - 1);
    }
}
