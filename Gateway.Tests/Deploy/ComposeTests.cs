using System.CommandLine;
using System.Globalization;
using System.Net;
using Gateway.Node.Sample;
using Gateway.Node.SelfCheck;

namespace Gateway.Tests.Deploy;

public sealed class ComposeTests
{
    private static readonly YamlFile Compose = new("docker-compose.yml");

    private static readonly IReadOnlyList<string> Gateways = Services("gateway-");
    private static readonly IReadOnlyList<string> Backends = Services("backend-");

    public static TheoryData<string> EveryGateway => [.. Gateways];

    public static TheoryData<string> EveryBackend => [.. Backends];

    [Theory]
    [MemberData(nameof(EveryGateway))]
    public async Task The_variables_of_a_replica_are_valid_settings_that_fit_the_file(string service)
    {
        var settings = await Deployment.SettingsAsync([], Compose.TextByKey($"services.{service}.environment"));

        Assert.Equal((service, true), (settings.GatewayId, settings.MetricsEnabled));
        Assert.Equal([$"{service}.cluster"], Compose.Texts($"services.{service}.networks.cluster.aliases"));
        Assert.Equal($"{service}.cluster", settings.ClusterAddress!.Value.Host);
        Assert.Contains(settings.ClusterAddress.Value, settings.SeedNodes);
        Assert.Equal(Gateways.Count, settings.SeedNodes.Length);
        Assert.Equal(Backends.Count, settings.Pools.Single().Endpoints.Length);
        Assert.All(Compose.Texts($"services.{service}.ports"), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(
            [settings.ListenAddress.Port, settings.MetricsAddress.Port, settings.AdminAddress.Port],
            Compose.Texts($"services.{service}.ports").Select(port => int.Parse(port.Split(':')[^1], CultureInfo.InvariantCulture)));
        Assert.All([settings.ListenAddress, settings.MetricsAddress, settings.AdminAddress], address => Assert.Equal(IPAddress.Any, address.Address));

        var grace = Compose.Text($"services.{service}.stop_grace_period").TrimEnd('s');
        Assert.True(TimeSpan.FromSeconds(int.Parse(grace, CultureInfo.InvariantCulture)) > Deployment.LeavingTakes(settings));
    }

    [Theory]
    [MemberData(nameof(EveryGateway))]
    public async Task A_replica_bears_the_token_that_is_made_before_it_starts(string service)
    {
        var settings = await Deployment.SettingsAsync([], Compose.TextByKey($"services.{service}.environment"));

        Assert.Equal(["token", settings.AdminTokenFile!], Compose.Texts("services.token.command"));
        Assert.Equal("service_completed_successfully", Compose.Text($"services.{service}.depends_on.token.condition"));
        Assert.Equal([$"secrets:{Path.GetDirectoryName(settings.AdminTokenFile)}:ro"], Compose.Texts($"services.{service}.volumes"));
        Assert.Equal([$"secrets:{Path.GetDirectoryName(settings.AdminTokenFile)}"], Compose.Texts("services.token.volumes"));
    }

    [Fact]
    public async Task The_replicas_are_in_three_zones_and_each_has_backends_in_its_own()
    {
        var zones = new List<string?>();
        foreach (var service in Gateways)
        {
            var settings = await Deployment.SettingsAsync([], Compose.TextByKey($"services.{service}.environment"));
            Assert.Contains(settings.Zone, settings.Pools.Single().Endpoints.Select(e => e.Zone));
            zones.Add(settings.Zone);
        }

        Assert.Equal(["a", "b", "c"], zones);
    }

    [Theory]
    [MemberData(nameof(EveryBackend))]
    public void The_command_of_a_backend_and_its_health_check_are_valid(string service)
    {
        var root = new RootCommand { BackendCommand.Create(), ProbeCommand.Create() };
        var command = Compose.Texts($"services.{service}.command");
        var check = Compose.Texts($"services.{service}.healthcheck.test");

        Assert.Empty(root.Parse(command).Errors);
        Assert.Equal(["CMD", "gateway"], check.Take(2));
        Assert.Empty(root.Parse([.. check.Skip(2)]).Errors);
        Assert.Contains(service, command);

        // The backend listens at the replicas' configured address, and is checked there.
        var port = command[^1].Split(':')[^1];
        Assert.Contains($"http://{service}:{port};", Compose.Text("x-settings.GATEWAY_RELAY_ENDPOINTS"), StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", check);
    }

    [Fact]
    public void Prometheus_scrapes_every_replica()
    {
        var scrape = Deployment.Read("deploy/prometheus/prometheus.yml");
        Assert.All(Gateways, service => Assert.Contains($"\"{service}:9090\"", scrape, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Services(string prefix) =>
        [.. Compose.Keys("services").Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
}
