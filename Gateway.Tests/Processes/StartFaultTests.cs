using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gateway.Node.Composition;
using Gateway.Node.Demo;

namespace Gateway.Tests.Processes;

/// <summary>Errors that keep the real process from starting: one line each on standard error, and exit code 2.</summary>
public sealed class StartFaultTests
{
    private const string Backend = "http://127.0.0.1:1";
    private const int Highest = 9112;

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
    public async Task A_cluster_port_in_use_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await AssertFaultsAsync(
            ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--cluster-addr", taken.LocalEndpoint.ToString()!, "--relay-endpoints", Backend],
            $"gateway: --cluster-addr: cannot listen on {taken.LocalEndpoint}: Address already in use");
    }

    [Fact]
    public async Task A_port_that_the_demo_needs_is_one_line()
    {
        using var taken = Taken(out var offset);
        await AssertFaultsAsync(
            ["demo", "--port-offset", $"{offset}"],
            $"gateway: --port-offset {offset}: cannot listen on {taken.LocalEndpoint}: Address already in use; try another offset");
    }

    [Fact]
    public async Task A_port_that_a_sample_backend_needs_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await AssertFaultsAsync(
            ["backend", "--listen-addr", taken.LocalEndpoint.ToString()!],
            $"--listen-addr {taken.LocalEndpoint}: cannot listen there: Address already in use");
    }

    [Fact]
    public async Task An_access_log_that_cannot_be_written_is_one_line() => await AssertFaultsAsync(
        ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--relay-endpoints", Backend, "--access-log", "/nowhere/access.log"],
        "gateway: --access-log: cannot write to /nowhere/access.log: Could not find a part of the path '/nowhere/access.log'.");

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
            RealProcess.ProgramOf(typeof(Node.Composition.GatewayHost)),
            ["--listen-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--relay-endpoints", Backend],
            openFiles: 260);
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.StartsWith("gateway: the limit of open files is 260;", Assert.Single(gateway.Errors), StringComparison.Ordinal);
    }

    /// <summary>
    /// Takes the highest of the demo's ports, 9112, with an offset for which all others are free and below those that the system assigns (from 32768 on Linux):
    /// otherwise a connection of another test could get one of them before the demo starts.
    /// </summary>
    private static TcpListener Taken(out int offset)
    {
        while (true)
        {
            offset = RandomNumberGenerator.GetInt32(10_000, 32_768 - Highest);
            if (new DemoPorts(offset).All.Any(port => StartFaults.FaultOf(new(IPAddress.Loopback, port)) is not null))
            {
                continue;
            }

            var taken = new TcpListener(IPAddress.Loopback, Highest + offset);
            taken.Start();
            return taken;
        }
    }

    private static async Task AssertFaultsAsync(string[] args, params string[] faults)
    {
        await using var gateway = RealProcess.Gateway(args);
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.Equal(faults, gateway.Errors);
        Assert.Empty(gateway.Output);
    }
}
