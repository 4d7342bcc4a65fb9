using System.Net;
using Gateway.Tests.Conformance;

namespace Gateway.Tests.Hosting;

/// <summary>Settings that need a restart, as requests meet them after a reload.</summary>
public sealed class PoolsServiceTests
{
    [Fact]
    public async Task A_reload_does_not_rename_a_running_replica()
    {
        await using var passage = await Passage.StartAsync();
        await passage.Gateway.ReconfigureAsync(settings => settings with { GatewayId = "other", ListenAddress = new(IPAddress.Loopback, 1) });

        var request = await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("1.1 test", request.Head.Value("Via"));
        Assert.Equal(0, passage.Gateway.State.Current.Settings.ListenAddress.Port);
    }
}
