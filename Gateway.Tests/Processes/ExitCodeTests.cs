using System.Runtime.InteropServices;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>The exit codes and output of the two programs, as seen by a shell.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_replica_that_serves_ends_with_0_at_SIGTERM()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend));
        using var http = new HttpClient();
        Assert.Equal("ok", await http.GetStringAsync(gateway.Address));

        Assert.True(await gateway.StopAsync() == 0, gateway.Process.Said);

        Assert.Empty(gateway.Process.Errors);
    }

    [Fact]
    public async Task Pbm_asks_a_real_replica()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend));
        await using var pbm = RealProcess.Pbm(gateway.Admin.Authority, "gateway", "endpoints");

        Assert.True(await pbm.EndsAsync() == 0, pbm.Said);

        Assert.Contains(pbm.Output, line => line.Contains(backend.EndPoint.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_a_signal_killed_says_so()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend));
        gateway.Process.Signal((PosixSignal)9);
        Assert.Equal(128 + 9, await gateway.Process.EndsAsync());
    }
}
