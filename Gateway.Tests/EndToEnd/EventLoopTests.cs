using System.Net.Sockets;
using System.Text.Json.Nodes;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Wire;

namespace Gateway.Tests.EndToEnd;

/// <summary>The event notification of a replica's loops, and its report.</summary>
public sealed class EventLoopTests
{
    private static readonly LoopProbe Forbidden = new(() => "the system forbids it");

    [Fact]
    public async Task There_are_as_many_loops_as_the_settings_say()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { EventLoops = 3 });
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.True(answer.IsSuccessStatusCode);
        await gateway.LoggedAsync("3 event loops using ");
    }

    [Fact]
    public async Task If_io_uring_is_forbidden_a_replica_serves_on_epoll_and_says_why()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => With(s, EventLoopSetting.Auto), probe: Forbidden);

        await gateway.LoggedAsync("event loops using epoll; io_uring is not available: the system forbids it");
        Assert.Equal(200, (await gateway.AskAsync()).Status);
        Assert.Equal("epoll", await LoopOf(gateway));
    }

    [Fact]
    public async Task One_that_is_to_use_it_then_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => TestGateway.StartAsync([], settings: s => With(s, EventLoopSetting.IoUring), probe: Forbidden));

        Assert.StartsWith("--event-loop: io_uring is not available", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventLoopSetting.Epoll, "epoll")]
    [IfUring(EventLoopSetting.IoUring, "io_uring")]
    [IfUring(EventLoopSetting.Auto, "io_uring")]
    public async Task A_replica_serves_on_the_configured_loop(EventLoopSetting setting, string name)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => With(s, setting));

        await gateway.LoggedAsync($"event loops using {name}");
        Assert.Equal(200, (await gateway.AskAsync()).Status);
        Assert.Equal(name, await LoopOf(gateway));
    }

    /// <summary>The accepting loop passes clients on faster than the other loops take them in.</summary>
    [Fact]
    public async Task A_burst_of_clients_is_spread_over_the_loops()
    {
        const int Loops = 4, Clients = 200;
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with { HttpEngine = HttpEngine.Loops, EventLoops = Loops });
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RawClient.ConnectAsync(gateway.Address)));

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_client_connections") == Clients);
        for (var loop = 0; loop < Loops; loop++)
        {
            Assert.InRange(await gateway.MetricAsync("gateway_loop_connections", ("loop", $"{loop}")), 0.9 * Clients / Loops, 1.1 * Clients / Loops);
        }

        await Task.WhenAll(clients.Select(async client => await client.DisposeAsync()));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_loop_connections") == 0);
    }

    [Fact]
    public async Task Of_a_burst_no_more_are_taken_than_the_limit_allows()
    {
        const int Max = 20, Clients = 200;
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with
        {
            HttpEngine = HttpEngine.Loops,
            EventLoops = 4,
            Limits = s.Limits with { MaxClientConnections = Max },
        });
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RawClient.ConnectAsync(gateway.Address)));
        var answered = await Task.WhenAll(clients.Select(IsAnsweredAsync));

        Assert.Equal(Max, answered.Count(isAnswered => isAnswered));
        await Task.WhenAll(clients.Select(async client => await client.DisposeAsync()));
    }

    private static async Task<bool> IsAnsweredAsync(RawClient client)
    {
        try
        {
            await client.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            return (await client.ReadAnswerAsync()).Status == 200;
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            return false;
        }
    }

    private static GatewaySettings With(GatewaySettings settings, EventLoopSetting loop) => settings with { HttpEngine = HttpEngine.Loops, EventLoop = loop };

    private static async Task<string?> LoopOf(TestGateway gateway) =>
        (string?)JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/status", UriKind.Relative)))!["eventLoop"];
}
