using Gateway.Node.Settings;
using k8s;
using k8s.Models;

namespace Gateway.Tests.Deploy;

/// <summary>The Helm chart renders the same as deploy/kubernetes, under the name of the release.</summary>
public sealed class HelmTests
{
    [Fact]
    public void The_chart_with_its_own_values_is_what_the_manifests_are()
    {
        var manifests = new YamlFile("deploy/kubernetes/kustomization.yaml").Texts("resources").SelectMany(file => Objects(Deployment.Read("deploy/kubernetes/" + file))).ToList();
        var chart = HelmChart.Render("gateway").SelectMany(Objects).ToList();
        Assert.Equal(manifests.Select(Kind).Order(StringComparer.Ordinal), chart.Select(Kind).Order(StringComparer.Ordinal));
        var (expected, actual) = (manifests.OfType<V1StatefulSet>().Single().Spec, chart.OfType<V1StatefulSet>().Single().Spec);
        Assert.Equal(expected.Template.Spec.Containers[0].Args, actual.Template.Spec.Containers[0].Args);
        expected.Template.Spec.Containers[0].Image = actual.Template.Spec.Containers[0].Image;
        expected.Template.Spec.Containers[0].ImagePullPolicy = actual.Template.Spec.Containers[0].ImagePullPolicy;
        expected.Template.Spec.NodeSelector = actual.Template.Spec.NodeSelector;
        expected.Template.Spec.Tolerations = actual.Template.Spec.Tolerations;
        Assert.Equal(KubernetesYaml.Serialize(expected), KubernetesYaml.Serialize(actual));
    }

    [Fact]
    public async Task A_release_of_another_name_is_one_cluster_under_that_name()
    {
        var chart = HelmChart.Render("edge", values => values["replicas"] = 5).SelectMany(Objects).ToList();
        var replicas = chart.OfType<V1StatefulSet>().Single();
        Assert.Equal(("edge", 5, "edge-replicas"), (replicas.Metadata.Name, replicas.Spec.Replicas, replicas.Spec.ServiceName));
        Assert.Equal(["edge", "edge-replicas"], chart.OfType<V1Service>().Select(service => service.Metadata.Name));
        var settings = await SettingsAsync(replicas, chart.OfType<V1ConfigMap>().Single());
        Assert.Equal("edge-1.edge-replicas", settings.ClusterAddress!.Value.Host);
        Assert.Contains(settings.ClusterAddress.Value, settings.SeedNodes);
        Assert.Equal(3, settings.Pools.Single().Endpoints.Length);
    }

    [Fact]
    public void Chart_and_program_have_the_same_version()
    {
        var chart = new YamlFile(HelmChart.Folder + "Chart.yaml");
        var program = typeof(GatewaySettings).Assembly.GetName().Version!.ToString(3);
        Assert.Equal((program, program), (chart.Text("version"), chart.Text("appVersion")));
    }

    private static Task<GatewaySettings> SettingsAsync(V1StatefulSet replicas, V1ConfigMap config)
    {
        var replica = replicas.Spec.Template.Spec.Containers[0];
        const string pod = "edge-1";
        return Deployment.SettingsAsync(
            replica.Args.Select(arg => arg.Replace("$(POD_NAME)", pod, StringComparison.Ordinal)),
            new Dictionary<string, string> { ["GATEWAY_GATEWAY_ID"] = pod, ["GATEWAY_ZONE"] = "a" },
            new Dictionary<string, string> { ["/etc/gateway/gateway.json"] = config.Data["gateway.json"] });
    }

    private static List<object> Objects(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    private static string Kind(object value) => $"{value.GetType().Name} {((IMetadata<V1ObjectMeta>)value).Metadata.Name}";
}
