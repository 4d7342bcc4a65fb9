using System.Net;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Settings;

public sealed class PrecedenceTests
{
    private const string Deployment =
        "--gateway-id g1 --listen-addr 127.0.0.1:8080 " +
        "--relay-endpoints http://127.0.0.1:8001,http://127.0.0.1:8002,http://127.0.0.1:8003 " +
        "--health-check-interval-ms 5000 --max-connections 1000 --request-timeout-ms 30000 --retry-attempts 3 " +
        "--circuit-breaker-threshold 5 --load-balancing least-connections --metrics-enabled";

    private const string TwoPools =
        """
        {
          "zone": "file", "retryAttempts": 7,
          "pools": {
            "default": {
              "strategy": "maglev", "endpoints": [ { "address": "http://a:1" } ],
              "health": { "interval": "00:00:20" }, "breaker": { "threshold": 8 }, "retry": { "attempts": 2 }, "timeouts": { "request": "00:00:09" }
            },
            "silent": { "endpoints": [ { "address": "http://b:1" } ] },
            "outspoken": {
              "strategy": "random", "health": { "interval": "00:00:03" }, "breaker": { "threshold": 4 },
              "retry": { "attempts": 1 }, "timeouts": { "request": "00:00:02" }
            }
          },
          "routes": [ { "name": "a" }, { "name": "b", "hosts": [ "b" ], "pool": "silent" }, { "name": "c", "hosts": [ "c" ], "pool": "outspoken" } ]
        }
        """;

    [Fact]
    public async Task The_deployment_command_line_gives_the_settings_it_names()
    {
        var settings = await Given.Loaded(Deployment);

        Assert.Equal("g1", settings.GatewayId);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:8080"), settings.ListenAddress);
        Assert.Equal(1000, settings.Limits.MaxConnections);
        Assert.True(settings.MetricsEnabled);
        var pool = Assert.Single(settings.Pools);
        Assert.Equal(PoolSettings.DefaultName, pool.Name);
        Assert.Equal(
            ["http://127.0.0.1:8001", "http://127.0.0.1:8002", "http://127.0.0.1:8003"],
            pool.Endpoints.Select(e => e.Address.Canonical));
        Assert.Equal(Strategy.LeastConnections, pool.Strategy);
        Assert.Equal(TimeSpan.FromSeconds(5), pool.Health.Interval);
        Assert.Equal(TimeSpan.FromSeconds(30), pool.Timeouts.Request);
        Assert.Equal(3, pool.Retry.Attempts);
        Assert.Equal(5, pool.Breaker.Threshold);
    }

    [Fact]
    public async Task Without_a_word_the_records_defaults_hold()
    {
        var settings = await Given.Loaded(Given.OneEndpoint);
        var pool = Assert.Single(settings.Pools);

        Assert.Equal(Dump.Of(new GatewaySettings { GatewayId = "host-1", Pools = settings.Pools }), Dump.Of(settings));
        Assert.Equal(Dump.Of(new PoolSettings { Name = "default", Endpoints = pool.Endpoints }), Dump.Of(pool));
    }

    [Fact]
    public async Task A_flag_wins_over_its_variable_and_that_over_the_file()
    {
        Assert.Equal("file", (await Given.Loaded("", TwoPools)).Zone);
        Assert.Equal("variable", (await Given.Loaded("", TwoPools, ("GATEWAY_ZONE", "variable"))).Zone);
        Assert.Equal("flag", (await Given.Loaded("--zone flag", TwoPools, ("GATEWAY_ZONE", "variable"))).Zone);
    }

    [Fact]
    public async Task Flags_win_over_the_section_of_the_pool_default()
    {
        var settings = await Given.Loaded(
            "--load-balancing p2c --health-check-interval-ms 1000 --circuit-breaker-threshold 2 --retry-attempts 0 --request-timeout-ms 500", TwoPools);

        Assert.Equal((Strategy.P2C, 1000, 2, 0, 500), Chosen(settings, "default"));
    }

    [Fact]
    public async Task For_another_pool_flags_are_what_holds_where_its_section_is_silent()
    {
        var settings = await Given.Loaded(
            "--load-balancing p2c --health-check-interval-ms 1000 --circuit-breaker-threshold 2 --retry-attempts 0 --request-timeout-ms 500", TwoPools);

        Assert.Equal((Strategy.P2C, 1000, 2, 0, 500), Chosen(settings, "silent"));
        Assert.Equal((Strategy.Random, 3000, 4, 1, 2000), Chosen(settings, "outspoken"));
    }

    [Fact]
    public async Task A_variable_wins_like_a_flag_over_the_section_of_the_pool_default()
    {
        var settings = await Given.Loaded("", TwoPools, ("GATEWAY_RETRY_ATTEMPTS", "5"));

        Assert.Equal([5, 5, 1], settings.Pools.Select(p => p.Retry.Attempts));
    }

    [Fact]
    public async Task The_same_key_at_the_top_of_the_file_does_not_win_over_any_section()
    {
        var settings = await Given.Loaded("", TwoPools);

        Assert.Equal([2, 7, 1], settings.Pools.Select(p => p.Retry.Attempts));
    }

    [Fact]
    public async Task The_endpoints_of_the_flag_replace_those_of_the_file()
    {
        var settings = await Given.Loaded("--relay-endpoints http://x:1;zone=a;weight=2;priority=1", TwoPools);

        var endpoint = Assert.Single(settings.Pools[0].Endpoints);
        Assert.Equal(("http://x:1", "a", 2, 1), (endpoint.Address.Canonical, endpoint.Zone, endpoint.Weight, endpoint.Priority));
        Assert.Equal("http://b:1", Assert.Single(settings.Pools[1].Endpoints).Address.Canonical);
    }

    [Fact]
    public async Task An_empty_variable_counts_as_not_set() =>
        Assert.Null((await Given.Loaded(Given.OneEndpoint, null, ("GATEWAY_ZONE", ""))).Zone);

    [Fact]
    public async Task The_file_can_be_named_by_a_variable()
    {
        var source = Given.Source("", TwoPools) with
        {
            CommandLine = Given.Source("", null).CommandLine,
            Environment = new Dictionary<string, string> { ["GATEWAY_CONFIG"] = Given.FilePath },
        };
        var loaded = Assert.IsType<SettingsResult.Loaded>(await SettingsLoader.LoadAsync(source));

        Assert.Equal(Given.FilePath, loaded.Settings.ConfigPath);
        Assert.Equal("file", loaded.Settings.Zone);
    }

    [Fact]
    public async Task A_variable_nobody_knows_is_a_warning()
    {
        var result = await Given.Load(Given.OneEndpoint, null, ("GATEWAY_SERVICE_HOST", "10.0.0.1"), ("GATEWAY_ZONES", "a"), ("PATH", "/bin"));

        Assert.IsType<SettingsResult.Loaded>(result);
        Assert.Equal(
            [
                "gateway: warning: GATEWAY_SERVICE_HOST: unknown setting; ignored",
                "gateway: warning: GATEWAY_ZONES: unknown setting; did you mean GATEWAY_ZONE?",
            ],
            result.Warnings.AsEnumerable());
    }

    [Theory]
    [InlineData("--metrics-enabled", true)]
    [InlineData("--metrics-enabled true", true)]
    [InlineData("--metrics-enabled=false", false)]
    public async Task A_switch_may_say_true_or_false(string flag, bool on) =>
        Assert.Equal(on, (await Given.Loaded($"{flag} {Given.OneEndpoint}")).MetricsEnabled);

    [Theory]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("*:80", "0.0.0.0:80")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::]:80", "[::]:80")]
    public async Task A_listen_address_may_be_an_IP_address_localhost_or_a_star(string text, string address) =>
        Assert.Equal(IPEndPoint.Parse(address), (await Given.Loaded($"{Given.OneEndpoint} --listen-addr {text}")).ListenAddress);

    [Fact]
    public async Task Seed_nodes_may_be_one_text_or_a_list()
    {
        const string file = """{ "clusterAddr": "a:1", "seedNodes": [ "a:1", "b:2" ] }""";
        HostPort[] expected = [new("a", 1), new("b", 2)];

        Assert.Equal(expected, (await Given.Loaded(Given.OneEndpoint, file)).SeedNodes);
        Assert.Equal(expected, (await Given.Loaded($"{Given.OneEndpoint} --cluster-addr a:1 --seed-nodes a:1,b:2")).SeedNodes);
    }

    private static (Strategy Strategy, int Interval, int Threshold, int Attempts, int Request) Chosen(GatewaySettings settings, string name)
    {
        var pool = settings.Pools.Single(p => p.Name == name);
        return (pool.Strategy, (int)pool.Health.Interval.TotalMilliseconds, pool.Breaker.Threshold, pool.Retry.Attempts,
            (int)pool.Timeouts.Request.TotalMilliseconds);
    }
}
