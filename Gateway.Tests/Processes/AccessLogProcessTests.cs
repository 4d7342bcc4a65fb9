using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>The access log of a replica in its own process.</summary>
public sealed class AccessLogProcessTests
{
    [Fact]
    public async Task A_file_that_was_moved_away_is_begun_anew_at_SIGHUP_and_the_end_writes_all()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        using var files = new TemporaryFiles([]);
        var path = files["access.log"];
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend), ["--access-log", path]);
        await AskAsync(gateway, "/one");
        await Eventually.IsAsync(() => File.ReadAllLines(path).Length == 1);

        File.Move(path, path + ".1");
        gateway.Process.Signal(PosixSignal.SIGHUP);
        await gateway.Process.SaysAsync("access log reopened");
        await AskAsync(gateway, "/two");
        Assert.Equal(0, await gateway.StopAsync());

        Assert.Equal("/one", (string?)JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(path + ".1")))!["target"]);
        Assert.Equal("/two", (string?)JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(path)))!["target"]);
    }

    [Fact]
    public async Task Standard_output_holds_the_access_log_alone()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend, """ "accessLog": { "format": "combined" }, """), ["--access-log", "-"]);
        await AskAsync(gateway, "/one");
        await gateway.Process.SaysAsync("GET /one HTTP/1.1");
        Assert.Equal(0, await gateway.StopAsync());
        Assert.StartsWith("127.0.0.1 - - [", Assert.Single(gateway.Process.Output), StringComparison.Ordinal);
        Assert.Contains(gateway.Process.Errors, line => line.Contains("listens on", StringComparison.Ordinal));
    }

    private static async Task AskAsync(GatewayProcess gateway, string target)
    {
        var answer = await RawClient.AskAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, answer.Status);
    }
}
