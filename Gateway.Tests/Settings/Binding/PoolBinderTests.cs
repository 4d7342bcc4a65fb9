using Gateway.Core.Outliers;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Node.Settings;

namespace Gateway.Tests.Settings.Binding;

public sealed class PoolBinderTests
{
    [Fact]
    public async Task A_probe_never_takes_longer_than_the_interval() =>
        Assert.Equal(
            TimeSpan.FromSeconds(1),
            (await Given.Loaded($"{Given.OneEndpoint} --health-check-interval-ms 1000")).Pools[0].Health.Probe.Timeout);

    [Fact]
    public async Task A_try_timeout_over_half_the_request_timeout_is_cut_and_said()
    {
        var result = await Given.Load("", Given.Pool(""" "timeouts": { "request": "00:00:10", "try": "00:00:08" } """));

        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<SettingsResult.Loaded>(result).Settings.Pools[0].Timeouts.EffectiveTry);
        Assert.Equal(
            ["gateway: warning: gateway.json: pools.default.timeouts.try: '00:00:08' is more than half the request timeout; using 00:00:05"],
            result.Warnings.AsEnumerable());
    }

    [Fact]
    public async Task A_priority_is_taken_without_a_warning()
    {
        var listed = await Given.Load("", """{ "pools": { "default": { "endpoints": [ { "address": "http://127.0.0.1:8001" }, { "address": "http://127.0.0.1:8002", "priority": 1 } ] } } }""");

        Assert.Empty(listed.Warnings);
        Assert.Equal([0, 1], Assert.IsType<SettingsResult.Loaded>(listed).Settings.Pools[0].Endpoints.Select(endpoint => endpoint.Priority));
    }

    [Theory]
    [InlineData("ip-hash", true)]
    [InlineData("maglev", true)]
    [InlineData("round-robin", false)]
    [InlineData("p2c", false)]
    public async Task A_slow_start_for_a_strategy_without_one_is_a_warning_that_names_those_with_one(string strategy, bool said)
    {
        var result = await Given.Load("", Given.Pool($$""" "strategy": "{{strategy}}", "slowStart": { "window": "00:00:30" } """));
        Assert.Equal(said ? 1 : 0, result.Warnings.Length);
        Assert.All(result.Warnings, warning => Assert.Contains($"pools.default.slowStart: has no effect with strategy {strategy}, ", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ip-hash", false)]
    [InlineData("maglev", false)]
    [InlineData("round-robin", true)]
    public async Task A_bound_for_a_strategy_that_does_not_hash_is_a_warning(string strategy, bool said)
    {
        var result = await Given.Load("", Given.Pool($$""" "strategy": "{{strategy}}", "hashBalanceFactor": 150 """));
        Assert.Equal(150, Assert.IsType<SettingsResult.Loaded>(result).Settings.Pools[0].HashBalanceFactor);
        Assert.Equal(said ? 1 : 0, result.Warnings.Length);
        Assert.All(result.Warnings, warning => Assert.Contains(
            $"pools.default.hashBalanceFactor: has no effect with strategy {strategy}; it applies to ip-hash and maglev", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outliers_are_looked_for_only_where_the_file_says_so_and_a_longer_base_raises_the_most()
    {
        Assert.Null((await Given.Loaded("", Given.Pool(""" "panicThreshold": 0 """))).Pools[0].Outliers);
        Assert.Equal(OutlierPolicy.Default, (await Given.Loaded("", Given.Pool(""" "outliers": {} """))).Pools[0].Outliers);
        var longer = (await Given.Loaded("", Given.Pool(""" "outliers": { "baseEjection": "00:10:00" } """))).Pools[0].Outliers!;
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)), (longer.BaseEjection, longer.MaxEjection));
    }

    [Fact]
    public async Task A_limit_adapts_only_where_the_file_says_so_and_the_bound_that_nobody_wrote_gives_way()
    {
        Assert.Null((await Given.Loaded("", Given.Pool(""" "panicThreshold": 0 """))).Pools[0].AdaptiveConcurrency);
        Assert.Equal(ConcurrencyPolicy.Default, (await Given.Loaded("", Given.Pool(""" "adaptiveConcurrency": {} """))).Pools[0].AdaptiveConcurrency);
        Assert.Equal(
            new ConcurrencyPolicy { Min = 5000, Max = 5000, Tolerance = 2 },
            (await Given.Loaded("", Given.Pool(""" "adaptiveConcurrency": { "min": 5000, "tolerance": 2 } """))).Pools[0].AdaptiveConcurrency);
        Assert.Equal(new ConcurrencyPolicy { Min = 5, Max = 5 }, (await Given.Loaded("", Given.Pool(""" "adaptiveConcurrency": { "max": 5 } """))).Pools[0].AdaptiveConcurrency);
    }

    [Fact]
    public async Task A_short_request_timeout_cuts_the_default_try_timeout_without_a_word()
    {
        var result = await Given.Load($"{Given.OneEndpoint} --request-timeout-ms 500");

        Assert.Equal(TimeSpan.FromMilliseconds(250), Assert.IsType<SettingsResult.Loaded>(result).Settings.Pools[0].Timeouts.EffectiveTry);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task A_break_longer_than_the_default_of_maxBreak_raises_it()
    {
        var breaker = (await Given.Loaded("", Given.Pool(""" "breaker": { "break": "00:10:00" } """))).Pools[0].Breaker;

        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)), (breaker.Break, breaker.MaxBreak));
    }

    [Theory]
    [InlineData("204", 204, 204)]
    [InlineData("\"204\"", 204, 204)]
    [InlineData("\"200-404\"", 200, 404)]
    public async Task An_expected_status_is_a_number_or_a_range(string json, int from, int to)
    {
        var probe = (await Given.Loaded("", Given.Pool($$""" "health": { "expectedStatus": {{json}} } """))).Pools[0].Health.Probe;

        Assert.Equal((from, to), (probe.StatusFrom, probe.StatusTo));
    }

    [Theory]
    [InlineData("\"preserve\"", HostMode.Preserve, null)]
    [InlineData("\"endpoint\"", HostMode.Endpoint, null)]
    [InlineData("{ \"value\": \"shop.example:80\" }", HostMode.Fixed, "shop.example:80")]
    public async Task The_host_field_is_preserved_the_endpoints_or_a_value(string json, HostMode mode, string? value) =>
        Assert.Equal(new HostPolicy(mode, value), (await Given.Loaded("", Given.Pool($$""" "host": {{json}} """))).Pools[0].Host);

    [Fact]
    public async Task An_empty_list_of_statuses_means_none() =>
        Assert.Empty((await Given.Loaded("", Given.Pool(""" "retry": { "statuses": [] } """))).Pools[0].Retry.Statuses);

    [Fact]
    public async Task A_pool_may_be_empty_as_long_as_another_is_not()
    {
        var settings = await Given.Loaded(Given.OneEndpoint, """{ "pools": { "later": {} }, "routes": [ { "name": "a", "pool": "later" }, { "name": "b", "hosts": [ "b" ] } ] }""");

        Assert.Equal(["later", "default"], settings.Pools.Select(p => p.Name));
    }
}
