using Gateway.Core.Balancing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

public sealed class BoundedLoadTests
{
    private const int Requests = 12;

    /// <summary>All requests of the test are from one client.</summary>
    [Theory]
    [InlineData(Strategy.IpHash)]
    [InlineData(Strategy.Maglev)]
    public async Task One_client_that_asks_a_lot_at_once_is_spread_and_then_back_at_its_backend(Strategy strategy)
    {
        var let = new TaskCompletionSource();
        await using var backends = new BackendSet(3, _ => RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(
            backends.Addresses, pool => pool with { Strategy = strategy, HashBalanceFactor = 125 });

        List<Task<Reply>> held = [];
        while (held.Count < Requests)
        {
            held.Add(gateway.AskAsync());
            await Eventually.IsAsync(() => backends.Counts.Sum() == held.Count);
            var bound = (int)Math.Ceiling(1.25 * held.Count / 3);
            Assert.All(gateway.Pool.Endpoints, endpoint => Assert.InRange(endpoint.Cell.InFlight, 0, bound));
        }

        Assert.All(backends.Counts, count => Assert.InRange(count, 2, 5));
        let.SetResult();
        Assert.All(await Task.WhenAll(held), reply => Assert.Equal(200, reply.Status));

        var before = backends.Counts;
        await gateway.AskManyAsync(10);
        Assert.Equal([0, 0, 10], backends.Counts.Zip(before, (now, then) => now - then).Order());
    }

    [Fact]
    public async Task Without_a_factor_one_client_has_one_backend_however_much_it_asks()
    {
        var let = new TaskCompletionSource();
        await using var backends = new BackendSet(3, _ => RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(backends.Addresses, pool => pool with { Strategy = Strategy.IpHash });
        var held = Enumerable.Range(0, Requests).Select(_ => gateway.AskAsync()).ToList();
        await Eventually.IsAsync(() => backends.Counts.Sum() == Requests);
        Assert.Equal([0, 0, Requests], backends.Counts.Order());
        let.SetResult();
        await Task.WhenAll(held);
    }
}
