using System.CommandLine;
using Gateway.Node.Sample;

namespace Gateway.Tests.Deploy;

/// <summary>The example of an application with its sidecar; .ci/compose runs it.</summary>
public sealed class SidecarTests
{
    private static readonly YamlFile Cluster = new("docker-compose.yml");
    private static readonly YamlFile Compose = new("deploy/sidecar/docker-compose.yml");

    [Fact]
    public async Task The_sidecar_has_valid_settings_and_is_of_the_same_cluster()
    {
        var settings = await Deployment.SettingsAsync([], Compose.TextByKey("services.sidecar.environment"));
        var replica = await Deployment.SettingsAsync([], Cluster.TextByKey("services.gateway-1.environment"));

        Assert.True(settings.SidecarMode);
        Assert.Equal(replica.SeedNodes.ToArray(), settings.SeedNodes.ToArray());
        Assert.Equal(replica.Pools.Single().Endpoints.ToArray(), settings.Pools.Single().Endpoints.ToArray());
        Assert.Equal(replica.Pools.Single().Health, settings.Pools.Single().Health);
        Assert.DoesNotContain(settings.ClusterAddress!.Value, settings.SeedNodes);
        Assert.True(TimeSpan.FromSeconds(int.Parse(Compose.Text("services.sidecar.stop_grace_period").TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)) > Deployment.LeavingTakes(settings));
    }

    [Fact]
    public void The_sidecar_shares_the_applications_network_and_its_name_in_the_cluster()
    {
        Assert.Equal("service:app", Compose.Text("services.sidecar.network_mode"));
        Assert.Equal(["app.cluster"], Compose.Texts("services.app.networks.cluster.aliases"));
        Assert.StartsWith("app.cluster:", Compose.Text("services.sidecar.environment.GATEWAY_CLUSTER_ADDR"), StringComparison.Ordinal);
        Assert.Empty(new RootCommand { BackendCommand.Create() }.Parse(Compose.Texts("services.app.command")).Errors);
    }
}
