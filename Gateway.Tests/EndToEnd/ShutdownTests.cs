using System.Net.Sockets;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>A replica that shuts down: it reports that while it still serves, then completes its requests and takes no more.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task While_it_drains_it_serves_but_says_that_it_leaves()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: DrainsForAnHour);
        Assert.Equal(200, (await gateway.AskAsync(target: "/ready")).Status);
        Assert.False((await gateway.AskAsync()).Closes);
        using var hurry = new CancellationTokenSource();

        var stopping = gateway.StopAsync(hurry.Token);
        await gateway.LoggedAsync("draining: /ready fails");
        var (ready, health, reply) = (await gateway.AskAsync(target: "/ready"), await gateway.AskAsync(target: "/health"), await gateway.AskAsync());

        Assert.Equal((503, """{"status":"draining"}""", true), (ready.Status, ready.Body, ready.Closes));
        Assert.Equal((200, true), (health.Status, health.Closes));
        reply.AssertPassedOn(200, "ok");
        Assert.True(reply.Closes);
        Assert.False(stopping.IsCompleted);

        await hurry.CancelAsync();
        await stopping;
        await AssertRefusedAsync(gateway.Address);
    }

    [Fact]
    public async Task A_connection_that_was_kept_alive_ends_with_the_answer_that_says_so()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: DrainsForAnHour);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        using var hurry = new CancellationTokenSource();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Null((await client.ReadAnswerAsync()).Head.Value("Connection"));

        var stopping = gateway.StopAsync(hurry.Token);
        await gateway.LoggedAsync("draining: /ready fails");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("close", (await client.ReadAnswerAsync()).Head.Value("Connection"));
        Assert.Empty(await client.ReadToEndAsync());
        await hurry.CancelAsync();
        await stopping;
    }

    [Fact]
    public async Task Requests_in_flight_finish_and_new_connections_are_refused()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.SlowBody(let.Task)));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var held = Task.WhenAll(gateway.AskAsync(), gateway.AskAsync());
        await backend.WaitForRequestsAsync(2);

        var stopping = gateway.StopAsync();
        await gateway.LoggedAsync("draining: /ready fails");
        Assert.False(stopping.IsCompleted);
        let.SetResult();

        Assert.Equal(["halfhalf", "late"], (await held).Select(reply => reply.Body).Order());
        await stopping;
        await gateway.LoggedAsync("stopped; 0 requests cut off");
        await AssertRefusedAsync(gateway.Address);
    }

    [Fact]
    public async Task Requests_in_flight_after_the_drain_timeout_are_cut_off_and_leave_nothing_behind()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await TestGateway.StartAsync(
            [hanging.Address], settings: settings => settings with { Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromMilliseconds(100) } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await hanging.WaitForRequestsAsync(1);

        await gateway.StopAsync();

        Assert.Empty(await client.ReadToEndAsync());
        await gateway.LoggedAsync("requests cut off");
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Failures);
    }

    private static GatewaySettings DrainsForAnHour(GatewaySettings settings) =>
        settings with { Drain = new() { Delay = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(10) } };

    private static async Task AssertRefusedAsync(Uri address)
    {
        var fault = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }
}
