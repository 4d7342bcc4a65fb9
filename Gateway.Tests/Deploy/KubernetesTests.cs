using System.Diagnostics;
using System.Globalization;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Metrics;
using k8s;
using k8s.Models;

namespace Gateway.Tests.Deploy;

public sealed class KubernetesTests
{
    private const string Folder = "deploy/kubernetes/";

    /// <summary>Parsed strictly: a key unknown to the API throws.</summary>
    private static readonly IReadOnlyList<object> Objects =
        [.. new YamlFile(Folder + "kustomization.yaml").Texts("resources").SelectMany(file => KubernetesYaml.LoadAllFromString(Deployment.Read(Folder + file), strict: true))];

    private static V1StatefulSet StatefulSet => One<V1StatefulSet>();

    private static V1PodSpec Pod => StatefulSet.Spec.Template.Spec;

    private static V1Container Replica => Assert.Single(Pod.Containers);

    [Fact]
    public async Task The_args_of_a_replica_are_valid_settings_that_fit_the_manifests()
    {
        var settings = await SettingsAsync("gateway-1", "eu-1b");

        Assert.Equal(("gateway-1", "eu-1b", true), (settings.GatewayId, settings.Zone, settings.MetricsEnabled));
        Assert.Equal(settings.ListenAddress.Port, PortNamed("http"));
        Assert.Equal(settings.MetricsAddress.Port, PortNamed("metrics"));
        Assert.Equal(settings.ClusterAddress!.Value.Port, PortNamed("cluster"));
        Assert.True(System.Net.IPAddress.IsLoopback(settings.AdminAddress.Address));
        Assert.Equal(
            Enumerable.Range(0, StatefulSet.Spec.Replicas!.Value).Select(i => $"{StatefulSet.Metadata.Name}-{i}.{StatefulSet.Spec.ServiceName}"),
            settings.SeedNodes.Select(seed => seed.Host));
        Assert.Contains(settings.ClusterAddress.Value, settings.SeedNodes);
    }

    [Fact]
    public async Task A_node_without_a_zone_makes_a_replica_without_one() => Assert.Null((await SettingsAsync("gateway-0", zone: "")).Zone);

    [Fact]
    public async Task A_pod_is_given_the_time_that_leaving_takes()
    {
        var takes = Deployment.LeavingTakes(await SettingsAsync("gateway-0", "a")) + TimeSpan.FromSeconds(Replica.Lifecycle.PreStop.Sleep.Seconds);
        Assert.True(TimeSpan.FromSeconds(Pod.TerminationGracePeriodSeconds!.Value) >= takes);
    }

    [Fact]
    public void Probes_ask_for_the_replicas_own_checks()
    {
        Assert.All([Replica.StartupProbe, Replica.LivenessProbe], probe => Assert.Equal(("/health", "http"), (probe.HttpGet.Path, probe.HttpGet.Port.Value)));
        Assert.Equal(("/ready", "http"), (Replica.ReadinessProbe.HttpGet.Path, Replica.ReadinessProbe.HttpGet.Port.Value));
    }

    [Fact]
    public void Everything_selects_the_pods_of_the_stateful_set()
    {
        var labels = StatefulSet.Spec.Template.Metadata.Labels;
        List<IDictionary<string, string>> selectors =
        [
            StatefulSet.Spec.Selector.MatchLabels,
            One<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
            One<V1NetworkPolicy>().Spec.PodSelector.MatchLabels,
            .. Pod.TopologySpreadConstraints.Select(spread => spread.LabelSelector.MatchLabels),
            .. Objects.OfType<V1Service>().Select(service => service.Spec.Selector),
        ];
        Assert.All(selectors, selector => Assert.All(selector, label => Assert.Equal(label.Value, labels[label.Key])));
        Assert.Contains(Pod.TopologySpreadConstraints, spread => spread.TopologyKey == "topology.kubernetes.io/zone");
    }

    [Fact]
    public void The_seeds_have_names_before_they_are_ready()
    {
        var names = Objects.OfType<V1Service>().Single(service => service.Metadata.Name == StatefulSet.Spec.ServiceName);
        Assert.Equal(("None", true), (names.Spec.ClusterIP, names.Spec.PublishNotReadyAddresses));
    }

    [Fact]
    public void Named_ports_exist()
    {
        var named = Objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports).Select(port => port.TargetPort.Value)
            .Concat(One<V1NetworkPolicy>().Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value)).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.InRange(PortNamed(name), 1, 65535));
    }

    [Fact]
    public void Nodes_without_a_zone_run_replicas_too_and_the_overlay_alone_insists_on_zones()
    {
        var zones = Pod.TopologySpreadConstraints[0];
        Assert.Equal(("topology.kubernetes.io/zone", "ScheduleAnyway"), (zones.TopologyKey, zones.WhenUnsatisfiable));
        Assert.DoesNotContain(Pod.TopologySpreadConstraints, spread => spread.WhenUnsatisfiable == "DoNotSchedule");
        var overlay = Deployment.Read("deploy/kubernetes-strict-zones/kustomization.yaml");
        Assert.Contains("/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable\n        value: DoNotSchedule", overlay, StringComparison.Ordinal);
    }

    [ProgramFact("kubectl")]
    public async Task The_overlay_makes_the_same_objects_with_strict_zones()
    {
        var plain = await KustomizeAsync("deploy/kubernetes");
        var strict = await KustomizeAsync("deploy/kubernetes-strict-zones");
        var zone = "topologyKey: topology.kubernetes.io/zone\n        whenUnsatisfiable: ";
        Assert.Contains(zone + "ScheduleAnyway", plain, StringComparison.Ordinal);
        Assert.Equal(plain.Replace(zone + "ScheduleAnyway", zone + "DoNotSchedule", StringComparison.Ordinal), strict);
    }

    [Fact]
    public void Replicas_get_no_token_of_kubernetes() => Assert.False(Pod.AutomountServiceAccountToken);

    [Fact]
    public void The_documents_build_the_image_that_the_manifests_run()
    {
        var tag = new YamlFile(Folder + "kustomization.yaml");
        var image = $"{Replica.Image}:{Assert.Single(tag.Maps("images"))["newTag"]}";
        Assert.Contains($"docker build -t {image} .", Deployment.Read("docs/deployment.md"), StringComparison.Ordinal);
        Assert.Contains($":-{image}}}", Deployment.Read("docker-compose.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pod_monitor_scrapes_the_replicas_metrics_under_the_job_of_the_alerts()
    {
        var monitor = new YamlFile(Folder + "podmonitor.yaml");
        Assert.Equal("PodMonitor", monitor.Text("kind"));
        Assert.Equal("metrics", Assert.Single(monitor.Maps("spec.podMetricsEndpoints"))["port"]);
        var labels = StatefulSet.Spec.Template.Metadata.Labels;
        var selected = monitor.TextByKey("spec.selector.matchLabels");
        Assert.NotEmpty(selected);
        Assert.All(selected, label => Assert.Equal(label.Value, labels[label.Key]));
        Assert.Contains($"up{{job=\"{labels[monitor.Text("spec.jobLabel")]}\"}}", Deployment.Read("deploy/prometheus/rules/alerts.yml"), StringComparison.Ordinal);
    }

    private static async Task<string> KustomizeAsync(string folder)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(AppContext.BaseDirectory, folder)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, faults) = (kubectl.StandardOutput.ReadToEndAsync(), kubectl.StandardError.ReadToEndAsync());
        await kubectl.WaitForExitAsync().WaitAsync(RawBackend.WaitTimeout);
        Assert.True(kubectl.ExitCode == 0, await faults);
        return await said;
    }

    private static T One<T>() => Objects.OfType<T>().Single();

    private static int PortNamed(string name) => Replica.Ports.Single(port => port.Name == name).ContainerPort;

    /// <summary>The settings of a pod after Kubernetes has resolved the references in its args and variables.</summary>
    private static Task<GatewaySettings> SettingsAsync(string pod, string zone)
    {
        var variables = Replica.Env.ToDictionary(variable => variable.Name, variable => variable.ValueFrom.FieldRef.FieldPath switch
        {
            "metadata.name" => pod,
            "metadata.labels['topology.kubernetes.io/zone']" => zone,
            var path => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"no test value for {path}")),
        });
        var mount = Replica.VolumeMounts.Single(volume => volume.Name == "config").MountPath;
        return Deployment.SettingsAsync(
            Replica.Args.Select(arg => variables.Aggregate(arg, (text, v) => text.Replace($"$({v.Key})", v.Value, StringComparison.Ordinal))),
            variables,
            One<V1ConfigMap>().Data.ToDictionary(file => $"{mount}/{file.Key}", file => file.Value));
    }
}
