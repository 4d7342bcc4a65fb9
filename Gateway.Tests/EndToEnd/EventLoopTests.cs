using System.Text.Json.Nodes;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Wire;

namespace Gateway.Tests.EndToEnd;

/// <summary>What the loops of a replica wait on, and that it says so.</summary>
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
        await gateway.LoggedAsync("3 event loops on ");
    }

    [Fact]
    public async Task Where_io_uring_is_forbidden_a_replica_serves_on_epoll_and_says_why()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => With(s, EventLoopSetting.Auto), probe: Forbidden);

        await gateway.LoggedAsync("event loops on epoll; io_uring cannot be used: the system forbids it");
        Assert.Equal(200, (await gateway.AskAsync()).Status);
        Assert.Equal("epoll", await LoopOf(gateway));
    }

    [Fact]
    public async Task One_that_is_to_use_it_then_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => TestGateway.StartAsync([], settings: s => With(s, EventLoopSetting.IoUring), probe: Forbidden));

        Assert.StartsWith("--event-loop: io_uring cannot be used", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventLoopSetting.Epoll, "epoll")]
    [IfUring(EventLoopSetting.IoUring, "io_uring")]
    [IfUring(EventLoopSetting.Auto, "io_uring")]
    public async Task A_replica_serves_on_what_it_is_told_to(EventLoopSetting setting, string name)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => With(s, setting));

        await gateway.LoggedAsync($"event loops on {name}");
        Assert.Equal(200, (await gateway.AskAsync()).Status);
        Assert.Equal(name, await LoopOf(gateway));
    }

    private static GatewaySettings With(GatewaySettings settings, EventLoopSetting loop) => settings with { HttpEngine = HttpEngine.Loops, EventLoop = loop };

    private static async Task<string?> LoopOf(TestGateway gateway) =>
        (string?)JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/status", UriKind.Relative)))!["eventLoop"];
}
