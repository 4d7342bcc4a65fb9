using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Processes;

/// <summary>What keeps the real process from starting: one line for each fault on standard error, and exit code 2.</summary>
public sealed class StartFaultTests
{
    private const string Backend = "http://127.0.0.1:1";

    [Fact]
    public async Task An_address_in_use_is_one_line_and_so_is_each_further_one()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        other.Start();
        await AssertFaultsAsync(
            ["--listen-addr", taken.LocalEndpoint.ToString()!, "--admin-addr", other.LocalEndpoint.ToString()!, "--relay-endpoints", Backend],
            $"gateway: --listen-addr: cannot listen on {taken.LocalEndpoint}: Address already in use",
            $"gateway: --admin-addr: cannot listen on {other.LocalEndpoint}: Address already in use");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_one_line() => await AssertFaultsAsync(
        ["--listen-addr", "192.0.2.1:8080", "--admin-addr", "127.0.0.1:0", "--relay-endpoints", Backend],
        "gateway: --listen-addr: cannot listen on 192.0.2.1:8080: Cannot assign requested address");

    [Fact]
    public async Task A_CA_file_that_is_missing_is_one_line()
    {
        using var files = new TemporaryFiles([]);
        var missing = files["no-such-ca.pem"];
        await File.WriteAllTextAsync(files["gateway.json"], $$"""
            { "pools": { "default": { "endpoints": [ { "address": "https://127.0.0.1:1" } ], "tls": { "authorities": "{{missing}}" } } } }
            """);
        await using var gateway = RealProcess.Gateway("--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--config", files["gateway.json"]);
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.Contains(missing, Assert.Single(gateway.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_files_are_one_line()
    {
        await using var gateway = RealProcess.Start(
            RealProcess.ProgramOf(typeof(Node.Hosting.GatewayHost)),
            ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--relay-endpoints", Backend],
            openFiles: 260);
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.StartsWith("gateway: only 260 files may be open at once", Assert.Single(gateway.Errors), StringComparison.Ordinal);
    }

    private static async Task AssertFaultsAsync(string[] args, params string[] faults)
    {
        await using var gateway = RealProcess.Gateway(args);
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.Equal(faults, gateway.Errors);
        Assert.Empty(gateway.Output);
    }
}
