using System.Net;
using Gateway.Node.Settings;

namespace Gateway.Tests.Settings;

public sealed class SettingsChangeTests
{
    [Fact]
    public async Task Loading_the_same_twice_needs_no_restart()
    {
        const string flags = $"{Given.OneEndpoint} --cluster-addr a:1 --seed-nodes a:1,b:1 --zone a";

        Assert.Empty(SettingsChange.NeedingRestart(await Given.Loaded(flags), await Given.Loaded(flags)));
    }

    [Fact]
    public async Task What_a_reload_can_apply_needs_no_restart() =>
        Assert.Empty(SettingsChange.NeedingRestart(
            await Given.Loaded(Given.OneEndpoint),
            await Given.Loaded("--relay-endpoints http://b:1 --retry-attempts 0 --load-balancing p2c --max-connections 5 --log-level debug")));

    [Fact]
    public async Task Addresses_identity_and_the_servers_limits_need_a_restart()
    {
        var running = await Given.Loaded(Given.OneEndpoint);
        var wanted = running with
        {
            GatewayId = "other",
            ListenAddress = new(IPAddress.Any, 1),
            Zone = "b",
            EventLoop = EventLoopSetting.Epoll,
            SeedNodes = [new("a", 1)],
            Limits = running.Limits with { MaxRequestHeadSize = 2048 },
            Drain = running.Drain with { Delay = TimeSpan.Zero },
        };

        Assert.Equal(
            ["gatewayId", "listenAddr", "zone", "seedNodes", "eventLoop", "limits.maxRequestHeadSize", "drain.delay"],
            SettingsChange.NeedingRestart(running, wanted).AsEnumerable());
    }
}
