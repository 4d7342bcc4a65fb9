using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Six backends, of which the first answers 503 to every other request: too few in a row for its breaker.</summary>
public sealed class OutlierTests
{
    [Fact]
    public async Task A_backend_that_fails_half_of_its_requests_gets_none_for_a_while()
    {
        await using var backends = new BackendSet(6, Flaky);
        await using var gateway = await TestGateway.StartAsync(backends.Addresses, pool => Judging(pool, TimeSpan.FromMinutes(5)));
        await UntilDetectedAsync(gateway);
        var endpoints = await Eventually.EndpointsAsync(gateway, all => (string?)all[0]!["state"] == "ejected");
        Assert.Matches(@"^ejected \(outlier\): \d+\.\d % of \d+ requests succeeded, below \d+\.\d %, back in \d+ s$", (string?)endpoints[0]!["reason"]);
        await Eventually.IsAsync(() => !gateway.Pool.Members[0].CanBePicked);

        var seen = backends.Counts[0];
        Assert.All(await gateway.AskManyAsync(50), status => Assert.Equal(200, status));
        Assert.Equal(seen, backends.Counts[0]);
        Assert.Equal(1, await gateway.MetricAsync("gateway_ejections_detected_total", ("what", "outlier")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_ejections_enforced_total", ("what", "outlier")));
    }

    [Fact]
    public async Task It_comes_back_when_its_time_is_over_and_starts_slowly()
    {
        await using var backends = new BackendSet(6, Flaky);
        await using var gateway = await TestGateway.StartAsync(backends.Addresses, pool => Judging(pool, TimeSpan.FromSeconds(1)));
        await UntilDetectedAsync(gateway);

        await gateway.LoggedAsync("ejected -> available");
        Assert.NotNull(gateway.Pool.Endpoints[0].Status.SlowStartFrom);
    }

    [Fact]
    public async Task An_outlier_beyond_the_share_stays_in_and_is_counted_as_detected_alone()
    {
        await using var backends = new BackendSet(6, Flaky);
        await using var gateway = await TestGateway.StartAsync(
            backends.Addresses, pool => Judging(pool, TimeSpan.FromMinutes(1)) with { Endpoints = [.. pool.Endpoints.Select((e, i) => e with { Draining = i == 5 })] });

        // One of six is draining, and 30 % of six is one.
        await UntilDetectedAsync(gateway);
        Assert.Equal(0, await gateway.MetricAsync("gateway_ejections_enforced_total", ("what", "outlier")));
        Assert.True(gateway.Pool.Members[0].CanBePicked);
        await gateway.LoggedAsync("kept in rotation: ejection cap reached");
    }

    [Fact]
    public async Task Without_the_setting_it_keeps_its_share()
    {
        await using var backends = new BackendSet(6, Flaky);
        await using var gateway = await TestGateway.StartAsync(backends.Addresses, pool => Judging(pool, TimeSpan.FromMinutes(1)) with { Outliers = null });
        await gateway.AskManyAsync(300);
        Assert.Equal([50, 50, 50, 50, 50, 50], backends.Counts);
    }

    private static Func<RawExchange, Task> Flaky(string name)
    {
        var asked = 0;
        return name == "a"
            ? exchange => (Interlocked.Increment(ref asked) % 2 == 0 ? RawScripts.Answer(503, name) : RawScripts.Answer(200, name))(exchange)
            : RawScripts.Answer(200, name);
    }

    private static PoolSettings Judging(PoolSettings pool, TimeSpan ejection) => pool with
    {
        Retry = new() { Attempts = 0 },
        Outliers = new() { Interval = TimeSpan.FromMilliseconds(500), MinRequests = 10, BaseEjection = ejection, MaxEjection = ejection },
    };

    private static Task UntilDetectedAsync(TestGateway gateway) => Eventually.IsAsync(async () =>
    {
        await gateway.AskManyAsync(60);
        return await gateway.MetricAsync("gateway_ejections_detected_total", ("what", "outlier")) > 0;
    });
}
