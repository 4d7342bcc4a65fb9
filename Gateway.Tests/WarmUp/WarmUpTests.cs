using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Node.WarmUp;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Wire;
using Gateway.Wire;

namespace Gateway.Tests.WarmUp;

public sealed class WarmUpTests
{
    [Fact]
    public async Task A_replica_that_warms_up_is_ready_afterwards_and_has_sent_its_backends_nothing()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { WarmUp = TimeSpan.FromMinutes(1) });
        await gateway.ReadyAsync(); // The rest of the warm-up goes on in the background.

        Assert.DoesNotContain("warm-up-failed", gateway.Events);
        Assert.Empty(backend.Requests);
        Assert.Equal(0, await gateway.MetricAsync("gateway_request_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_requests_total"));
        var cell = Assert.Single(gateway.Pool.Endpoints).Cell;
        Assert.Equal((0, 0L, 0L, 0), (cell.InFlight, cell.Successes, cell.Failures, (int)cell.Breaker.Epoch));
        Assert.Equal(200, (await gateway.AskAsync()).Status);
    }

    [Theory]
    [InlineData(LoopKind.Portable)]
    [IfLinux(LoopKind.Epoll)]
    [IfUring(LoopKind.Uring)]
    public async Task Every_kind_of_request_gets_the_answer_of_the_sink_on_every_loop(LoopKind kind)
    {
        var settings = new GatewaySettings { GatewayId = "g", Pools = [], HttpEngine = kind == LoopKind.Portable ? HttpEngine.Transport : HttpEngine.Loops };
        await using var pipeline = new WarmUpPipeline(settings, new LoopChoice(kind), TimeProvider.System);
        await pipeline.StartAsync(CancellationToken.None);
        using var client = new WarmUpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.ConnectAsync(pipeline.Address, limit.Token);
        await client.AskAsync(WarmUpRequests.All.Length, limit.Token);
    }

    /// <summary>The warm-up comes from a loopback address, on many connections at once, for its own host name.</summary>
    [Theory]
    [InlineData("limits")]
    [InlineData("hosts")]
    [InlineData("clients")]
    [InlineData("proxy")]
    [InlineData("connections")]
    [InlineData("adaptive")]
    [InlineData("http2")]
    public async Task Limits_of_clients_and_pools_do_not_apply_to_it(string what)
    {
        var pool = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [] };
        var settings = new GatewaySettings { GatewayId = "g", Pools = [pool], HttpEngine = HttpEngine.Transport };
        settings = what switch
        {
            "limits" => settings with { Limits = new() { MaxConnections = 1, MaxConnectionsPerClient = 1, MaxClientConnections = 1, MaxRequestHeadSize = 256, MaxRequestFields = 1 } },
            "hosts" => settings with { Hosts = ["elsewhere.example"] },
            "clients" => settings with { Clients = new() { Deny = [IPNetwork.Parse("127.0.0.0/8")] } },
            "proxy" => settings with { ProxyProtocol = ProxyProtocolMode.Require, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] },
            "connections" => settings with { Pools = [pool with { Connections = new() { Max = 1, QueueSize = 0 } }] },
            "adaptive" => settings with { Pools = [pool with { AdaptiveConcurrency = new() { Min = 1, Max = 1 } }] },
            "http2" => settings with { Pools = [pool with { Connections = new() { Protocol = BackendProtocol.Http2 } }] },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        await using var pipeline = new WarmUpPipeline(settings, new LoopChoice(LoopKind.Portable), TimeProvider.System);
        await pipeline.StartAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var clients = Enumerable.Range(0, 8).Select(_ => new WarmUpClient()).ToList();
        try
        {
            await Task.WhenAll(clients.Select(async client =>
            {
                await client.ConnectAsync(pipeline.Address, limit.Token);
                await client.AskAsync(10 * WarmUpRequests.All.Length, limit.Token);
            }));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("GET /small HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("GET /small HTTP/1.1\r\nHost: a\r\n", false)]
    [InlineData("POST /small HTTP/1.1\r\nHost: a\r\n\r\n", false)]
    [InlineData("POST /small HTTP/1.1\r\nHost: a\r\n\r\nxxx<end>", true)]
    public void The_sink_answers_a_request_once_it_is_whole(string request, bool answered) =>
        Assert.Equal(answered, WarmUpRequests.AnswerTo(System.Text.Encoding.ASCII.GetBytes(request)) is not null);
}
