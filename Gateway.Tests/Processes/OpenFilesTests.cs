using System.Net.Sockets;
using Gateway.Node.Hosting;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>A limit of open files too low for the allowed clients.</summary>
public sealed class OpenFilesTests
{
    private const int Limit = 512;
    private const int Idle = 800;

    /// <summary>
    /// The runtime ends a process whose thread pool cannot create a thread, and a thread takes a pipe, hence two descriptors (seen on .NET 10.0.12: "Out of
    /// memory."). With these settings the pool has all its threads before the descriptors run out.
    /// </summary>
    private static readonly Dictionary<string, string?> AllThreads = new()
    {
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "4",
        ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "4",
    };

    [Fact]
    public async Task Clients_that_are_served_go_on_when_more_come_than_files_may_be_open()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend), openFiles: Limit);
        await gateway.Process.SaysAsync($"accepting up to {OpenFiles.ClientsWithin(int.MaxValue, Limit)} client connections, because the limit of open files is {Limit}");
        await using var served = await RawClient.ConnectAsync(gateway.Address);
        await AssertServedAsync(served);

        List<Socket> idle = [];
        try
        {
            for (var i = 0; i < Idle; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(client);
                await client.ConnectAsync(System.Net.IPAddress.Loopback, gateway.Address.Port).WaitAsync(RealProcess.WaitTimeout);
                if (i % 100 == 0)
                {
                    await AssertServedAsync(served);
                }
            }

            for (var i = 0; i < 20; i++)
            {
                await AssertServedAsync(served);
            }
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }

        await gateway.Process.UntilAsync(async () => await IsServedAnewAsync(gateway.Address));
        Assert.True(await gateway.StopAsync() == 0, gateway.Process.Said);
        Assert.False(gateway.Process.HasSaid("Too many open files"), gateway.Process.Said);
        Assert.Empty(gateway.Process.Errors);
    }

    [Fact]
    public async Task A_probe_that_finds_no_descriptor_left_says_nothing_of_its_endpoint()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync($$"""
            {
              "warmUp": "00:00:00",
              "drain": { "delay": "00:00:00" },
              "pools": {
                "default": {
                  "endpoints": [ { "address": "{{backend.Address.GetLeftPart(UriPartial.Authority)}}" } ],
                  "health": { "interval": "00:00:01", "unhealthyThreshold": 1 }
                }
              }
            }
            """,
            variables: AllThreads);
        await backend.WaitForRequestsAsync(4); // Everything loaded on first use is loaded by then.

        var before = gateway.Process.LimitFiles(3); // Open ones stay open; no more can be opened.
        await gateway.Process.UntilAsync(() => gateway.Process.HasSaid("cannot send probes: ") || gateway.Process.HasSaid("-> Unhealthy"));
        var probed = backend.Requests.Count;
        gateway.Process.LimitFiles(before);
        await backend.WaitForRequestsAsync(probed + 2);

        Assert.False(gateway.Process.HasSaid("-> Unhealthy"), gateway.Process.Said);
        Assert.True(await gateway.StopAsync() == 0, gateway.Process.Said);
    }

    [Theory]
    [InlineData(20_000, null, 20_000)]
    [InlineData(20_000, 1_048_576, 20_000)]
    [InlineData(20_000, 1_024, 312)]
    [InlineData(100, 1_024, 100)]
    [InlineData(20_000, 260, 0)]
    public void Half_of_what_the_process_does_not_need_itself_is_for_clients(int wanted, int? limit, int clients) =>
        Assert.Equal(clients, OpenFiles.ClientsWithin(wanted, limit));

    [Theory]
    [InlineData(260, true)]
    [InlineData(431, true)]
    [InlineData(432, false)]
    [InlineData(null, false)]
    public void A_limit_that_leaves_hardly_any_client_is_a_fault(int? limit, bool isFault) => Assert.Equal(isFault, OpenFiles.FaultOf(limit) is not null);

    [Theory]
    [InlineData("            1024                 524288               files     ", 1024)]
    [InlineData("            unlimited            unlimited            files     ", null)]
    [InlineData("            4611686018427387904  unlimited            files     ", int.MaxValue)]
    [InlineData(null, null)]
    public void The_limit_in_force_is_the_first_number(string? line, int? limit) => Assert.Equal(limit, OpenFiles.LimitIn(line));

    [Fact]
    public void This_process_has_a_limit_and_room() => Assert.True(OpenFiles.Limit() is not 0 && OpenFiles.HaveRoom());

    private static async Task AssertServedAsync(RawClient client)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
    }

    /// <summary>Whether a new client is served: those that came while there were too many were closed.</summary>
    private static async Task<bool> IsServedAnewAsync(Uri address)
    {
        using var http = new HttpClient();
        try
        {
            return await http.GetStringAsync(address) == "ok";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
