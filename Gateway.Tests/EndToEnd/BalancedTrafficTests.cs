using System.Net;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>The strategies from the clients' and backends' point of view, through the whole stack.</summary>
public sealed class BalancedTrafficTests
{
    [Fact]
    public async Task Round_robin_gives_each_backend_the_same()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses);

        await gateway.AskManyAsync(300);

        Assert.All(pool.Counts, count => Assert.InRange(count, 99, 101));
    }

    [Fact]
    public async Task Round_robin_is_even_for_many_clients_at_once()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.AskManyAsync(30)));

        Assert.All(pool.Counts, count => Assert.InRange(count, 99, 101));
    }

    [Fact]
    public async Task Weights_five_one_one_interleave()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(
            pool.Addresses, settings => Weigh(settings, 5, 1, 1) with { Strategy = Strategy.Weighted });

        Assert.Equal("aabacaaaabacaa", await NamesAsync(gateway, 14));
    }

    [Fact]
    public async Task Least_connections_leaves_a_backend_alone_that_is_held_back()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [slow.Address, other.Address], settings => settings with { Strategy = Strategy.LeastConnections });

        // It gets only the held request: the other is idle whenever the next request comes.
        var held = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);
        await gateway.AskManyAsync(30);

        Assert.Equal((1, 30), (slow.Requests.Count, other.Requests.Count));
        let.SetResult();
        (await held).AssertPassedOn(200, "late");
    }

    [Theory]
    [InlineData(Strategy.P2C)]
    [InlineData(Strategy.Random)]
    [InlineData(Strategy.HealthBased)]
    [InlineData(Strategy.PeakEwma)]
    public async Task Every_strategy_reaches_every_backend(Strategy strategy)
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Strategy = strategy });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.AskManyAsync(30)));

        Assert.Equal(300, pool.Counts.Sum());
        Assert.DoesNotContain(0, pool.Counts);
    }

    [Theory]
    [InlineData(Strategy.IpHash)]
    [InlineData(Strategy.Maglev)]
    public async Task A_client_stays_with_its_backend(Strategy strategy)
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Strategy = strategy }, BehindProxy);

        var first = await OwnersAsync(gateway);

        Assert.Equal(first, await OwnersAsync(gateway));
        Assert.Equal(["a", "b", "c"], first.Distinct().Order());
    }

    [Fact]
    public async Task Without_a_trusted_proxy_all_forwarded_addresses_are_one_client()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Strategy = Strategy.IpHash });

        Assert.Single((await OwnersAsync(gateway)).Distinct());
    }

    [Fact]
    public async Task By_ip_hash_a_backend_that_leaves_takes_only_its_own_clients_along()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(
            pool.Addresses, settings => settings with { Strategy = Strategy.IpHash }, BehindProxy);
        var before = await OwnersAsync(gateway);

        await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = settings.Endpoints.RemoveAt(1) });
        var after = await OwnersAsync(gateway);

        Assert.All(before.Zip(after), change =>
            Assert.True(change.First == change.Second || (change.First == "b" && change.Second is "a" or "c")));
        Assert.DoesNotContain("b", after);
    }

    private static PoolSettings Weigh(PoolSettings settings, params int[] weights) =>
        settings with { Endpoints = [.. settings.Endpoints.Zip(weights, (endpoint, weight) => endpoint with { Weight = weight })] };

    private static GatewaySettings BehindProxy(GatewaySettings settings) => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] };

    private static async Task<string> NamesAsync(TestGateway gateway, int count)
    {
        List<string> names = [];
        while (names.Count < count)
        {
            names.Add((await gateway.AskAsync()).Body);
        }

        return string.Concat(names);
    }

    /// <summary>The backend that answers each of sixty clients.</summary>
    private static async Task<IReadOnlyList<string>> OwnersAsync(TestGateway gateway)
    {
        List<string> owners = [];
        for (var i = 0; i < 60; i++)
        {
            owners.Add((await gateway.AskAsync(forwardedFor: $"203.0.113.{i}")).Body);
        }

        return owners;
    }
}
