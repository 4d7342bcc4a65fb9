using System.Net;
using Gateway.Actors.Journal;
using Gateway.Tests.Conformance;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>What a reload changes, and what it keeps.</summary>
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

    [Fact]
    public async Task A_reload_sets_the_log_level_if_the_setting_has_changed_and_keeps_that_of_an_operator_otherwise()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var levels = gateway.Services.GetRequiredService<LogLevels>();
        levels.Level = LogLevel.Error;
        await gateway.ReconfigureAsync(settings => settings with { GatewayId = "other" });
        Assert.Equal(LogLevel.Error, levels.Level);

        await gateway.ReconfigureAsync(settings => settings with { LogLevel = LogLevel.Debug });
        Assert.Equal(LogLevel.Debug, levels.Level);
    }
}
