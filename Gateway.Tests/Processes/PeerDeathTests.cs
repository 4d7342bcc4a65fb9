using System.Runtime.InteropServices;
using Gateway.Tests.Cluster;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>A replica's log after another one's sudden death.</summary>
[Collection(nameof(ClusterTests))]
public sealed class PeerDeathTests
{
    [Fact]
    public async Task A_peer_that_is_killed_is_one_line_at_warning_and_no_error()
    {
        using var ports = new ReservedPort();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var stays = await StartAsync(backend, "stays", ports.Number, ports.Number);
        await stays.Process.SaysAsync("forming one at");
        await using var dies = await StartAsync(backend, "dies", 0, ports.Number);
        await stays.Process.SaysAsync(" joined; ");

        dies.Process.Signal((PosixSignal)9);

        var line = await stays.Process.SaysAsync(" is unreachable");
        Assert.Contains("warn: ", line, StringComparison.Ordinal);
        Assert.False(stays.Process.HasSaid("fail: ") || stays.Process.HasSaid("Disassociated"), stays.Process.Said);
        Assert.Empty(stays.Process.Errors);
    }

    private static Task<GatewayProcess> StartAsync(RawBackend backend, string name, int port, int seed) => GatewayProcess.StartAsync(
        ProcessConfig.Before(backend), ["--gateway-id", name, "--cluster-addr", $"127.0.0.1:{port}", "--seed-nodes", $"127.0.0.1:{seed}"]);
}
