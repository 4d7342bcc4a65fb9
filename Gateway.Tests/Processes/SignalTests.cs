using System.Runtime.InteropServices;
using Gateway.Node.Signals;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>Signals to the real process in every state.</summary>
public sealed class SignalTests
{
    /// <summary>Milliseconds after the process handles signals; from before anything has started to after everything has, and during warm-up.</summary>
    [Theory]
    [InlineData(PosixSignal.SIGTERM, 0)]
    [InlineData(PosixSignal.SIGINT, 0)]
    [InlineData(PosixSignal.SIGTERM, 50)]
    [InlineData(PosixSignal.SIGINT, 100)]
    [InlineData(PosixSignal.SIGTERM, 200)]
    [InlineData(PosixSignal.SIGINT, 400)]
    [InlineData(PosixSignal.SIGTERM, 700)]
    [InlineData(PosixSignal.SIGINT, 1100)]
    [InlineData(PosixSignal.SIGTERM, 1600)]
    [InlineData(PosixSignal.SIGTERM, 2500)]
    public async Task It_ends_with_0_at_any_moment_of_the_start(PosixSignal signal, int moment)
    {
        using var files = Files();
        await using var gateway = Start(files);
        await gateway.CatchesAsync(PosixSignal.SIGHUP); // The last one handled, and the only one that the runtime does not handle.
        await Task.Delay(moment); // The moment is the subject of the test.
        gateway.Signal(signal);
        Assert.True(await gateway.EndsAsync() == 0, gateway.Said);
        Assert.Empty(gateway.Errors);
    }

    [Theory]
    [InlineData(" endpoints available")]
    [InlineData("admin API on")]
    [InlineData(" listens on ")]
    public async Task It_ends_with_0_at_each_step_that_it_tells_of(string step)
    {
        using var files = Files();
        await using var gateway = Start(files);
        await gateway.SaysAsync(step);
        gateway.Signal(PosixSignal.SIGTERM);
        Assert.True(await gateway.EndsAsync() == 0, gateway.Said);
        Assert.Empty(gateway.Errors);
    }

    /// <summary>While the runtime starts, before the program's first instruction, only the system's default applies: at least there is no exception.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(100)]
    [InlineData(150)]
    public async Task Before_the_program_has_begun_the_signal_itself_ends_it(int moment)
    {
        using var files = Files();
        await using var gateway = Start(files);
        await Task.Delay(moment);
        gateway.Signal(PosixSignal.SIGTERM);
        Assert.Contains(await gateway.EndsAsync(), (int[])[0, 128 + 15]);
        Assert.Empty(gateway.Errors);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_second_signal_ends_a_drain_at_once(PosixSignal second)
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await GatewayProcess.StartAsync(
            ProcessConfig.Before(hanging).Replace("\"delay\": \"00:00:00\"", "\"delay\": \"00:05:00\", \"timeout\": \"00:05:00\"", StringComparison.Ordinal));
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await hanging.WaitForRequestsAsync(1, RealProcess.WaitTimeout);
        gateway.Process.Signal(PosixSignal.SIGTERM);
        await gateway.Process.SaysAsync("draining: ");

        gateway.Process.Signal(second);

        // Ten minutes of drain are left; this wait is limited to three.
        Assert.True(await gateway.Process.EndsAsync() is 0 or ProcessSignals.Forced, gateway.Process.Said);
        Assert.Empty(gateway.Process.Errors);
    }

    [Fact]
    public async Task SIGHUP_reads_the_settings_again_and_a_bad_file_changes_nothing()
    {
        await using var before = RawBackend.Start(RawScripts.Answer(200, "before"));
        await using var after = RawBackend.Start(RawScripts.Answer(200, "after"));
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(before));
        using var http = new HttpClient();
        Assert.Equal("before", await http.GetStringAsync(gateway.Address));

        gateway.Process.Signal(PosixSignal.SIGHUP);
        await gateway.Process.SaysAsync("settings reloaded");
        await File.WriteAllTextAsync(gateway.ConfigPath, ProcessConfig.Before(after));
        gateway.Process.Signal(PosixSignal.SIGHUP);
        await gateway.Process.UntilAsync(async () => await http.GetStringAsync(gateway.Address) == "after");
        await File.WriteAllTextAsync(gateway.ConfigPath, "{ \"pools\": ");
        gateway.Process.Signal(PosixSignal.SIGHUP);
        await gateway.Process.SaysAsync("keeping the current settings");
        Assert.Equal("after", await http.GetStringAsync(gateway.Address));

        Assert.True(await gateway.StopAsync() == 0, gateway.Process.Said);
    }

    [Fact]
    public async Task Hangups_and_an_end_that_come_together_end_it_with_0()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend));
        for (var i = 0; i < 50; i++)
        {
            gateway.Process.Signal(PosixSignal.SIGHUP);
        }

        gateway.Process.Signal(PosixSignal.SIGTERM);
        gateway.Process.Signal(PosixSignal.SIGHUP);
        Assert.True(await gateway.Process.EndsAsync() == 0, gateway.Process.Said);
        Assert.Empty(gateway.Process.Errors);
    }

    [Fact]
    public async Task A_hangup_while_it_starts_does_not_end_it()
    {
        using var files = Files();
        await using var gateway = Start(files);
        await gateway.CatchesAsync(PosixSignal.SIGHUP);
        gateway.Signal(PosixSignal.SIGHUP);
        await gateway.SaysAsync("settings reloaded");
        gateway.Signal(PosixSignal.SIGTERM);
        Assert.True(await gateway.EndsAsync() == 0, gateway.Said);
    }

    /// <summary>With a cluster address, probes and a warm-up, so that everything has to start and to stop.</summary>
    private static TemporaryFiles Files() => new(
    [
        new("gateway.json", """
            {
              "clusterAddr": "127.0.0.1:0",
              "drain": { "delay": "00:00:00" },
              "pools": { "default": { "endpoints": [ { "address": "http://127.0.0.1:1" } ] } }
            }
            """),
    ]);

    private static RealProcess Start(TemporaryFiles files) => RealProcess.Gateway(
        "--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--metrics-enabled", "--metrics-addr", "127.0.0.1:0", "--config", files["gateway.json"]);
}
