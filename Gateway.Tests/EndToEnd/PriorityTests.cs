using System.Text.Json.Nodes;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Two backends of priority 0, a and b, and two of priority 1, c and d; one failure ejects a backend.</summary>
public sealed class PriorityTests
{
    [Fact]
    public async Task While_the_first_level_is_whole_the_second_gets_nothing()
    {
        await using var backends = new BackendSet(4);
        await using var gateway = await StartAsync(backends);

        Assert.All(await gateway.AskManyAsync(100), status => Assert.Equal(200, status));

        Assert.Equal([50, 50, 0, 0], backends.Counts);
        Assert.Equal(1, await gateway.MetricAsync("gateway_priority_load", ("priority", "0")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_priority_load", ("priority", "1")));
    }

    [Fact]
    public async Task With_one_of_two_out_thirty_percent_spill_over_and_no_client_notices()
    {
        await using var backends = new BackendSet(4, Failing("a"));
        await using var gateway = await StartAsync(backends);
        await TripAsync(gateway, "70 % to priority 0 (1 of 2 healthy), 30 % to priority 1 (2 of 2 healthy)");
        var before = backends.Counts;

        Assert.All(await gateway.AskManyAsync(400), status => Assert.Equal(200, status));

        // 120 on average, with a standard deviation of 9.
        var spilled = backends.Counts[2] + backends.Counts[3] - before[2] - before[3];
        Assert.InRange(spilled, 70, 170);
        Assert.Equal(400, spilled + backends.Counts[1] - before[1]);
        Assert.Equal(0.7, await gateway.MetricAsync("gateway_priority_load", ("priority", "0")));
        Assert.Equal(spilled + before[2] + before[3], await gateway.MetricAsync("gateway_priority_picks_total", ("priority", "1")));

        var pools = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/pools", UriKind.Relative)))!["pools"]!;
        Assert.Equal(
            """[{"priority":0,"endpoints":2,"healthy":1,"load":70,"panic":false},{"priority":1,"endpoints":2,"healthy":2,"load":30,"panic":false}]""",
            pools[0]!["priorities"]!.ToJsonString());
    }

    [Fact]
    public async Task With_the_first_level_out_the_second_gets_everything_and_a_retry_goes_there_too()
    {
        await using var backends = new BackendSet(4, Failing("a", "b"));
        await using var gateway = await StartAsync(backends);

        // The first request tries both before the other level answers it.
        Assert.All(await gateway.AskManyAsync(100), status => Assert.Equal(200, status));

        await gateway.LoggedAsync("0 % to priority 0 (0 of 2 healthy), 100 % to priority 1 (2 of 2 healthy)");
        Assert.Equal((1, 1), (backends.Counts[0], backends.Counts[1]));
        Assert.Equal(100, backends.Counts[2] + backends.Counts[3]);
    }

    [Fact]
    public async Task A_level_that_is_drained_gives_its_requests_to_the_next_and_gets_them_back()
    {
        await using var backends = new BackendSet(4);
        await using var gateway = await StartAsync(backends);
        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints.Select(e => e with { Draining = e.Priority == 0 })] });
        await gateway.AskManyAsync(20);
        Assert.Equal([0, 0, 10, 10], backends.Counts);

        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints.Select(e => e with { Draining = false })] });
        await Eventually.IsAsync(() => gateway.Pool.Levels[0].Level.Load == 100);
        await gateway.AskManyAsync(20);
        Assert.Equal([10, 10, 10, 10], backends.Counts);
    }

    private static Task<TestGateway> StartAsync(BackendSet backends) => TestGateway.StartAsync(backends.Addresses, Ranked);

    private static PoolSettings Ranked(PoolSettings pool) => pool with
    {
        Endpoints = [.. pool.Endpoints.Select((endpoint, i) => endpoint with { Priority = i / 2 })],
        Breaker = new() { Threshold = 1 },
        Retry = new() { Attempts = 3 },
    };

    private static Func<string, Func<RawExchange, Task>> Failing(params string[] names) =>
        name => names.Contains(name) ? RawScripts.Reset : RawScripts.Answer(200, name);

    /// <summary>Sends requests until the failing backend was tried and requests are divided differently.</summary>
    private static async Task TripAsync(TestGateway gateway, string levels)
    {
        await gateway.AskManyAsync(4);
        await gateway.LoggedAsync(levels);
    }
}
