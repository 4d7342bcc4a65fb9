using System.Globalization;
using System.Net;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Deploy;

public sealed class DockLockTests
{
    private const string Health = "spec.template.spec.health.";
    private const string Metrics = "spec.template.spec.monitoring.metrics.";

    private static readonly YamlFile Manifest = new("deploy/docklock/httpcg-gateway-ha.yml");

    [Theory]
    [InlineData("apiVersion", "docklock.bpi.network/v1")]
    [InlineData("kind", "ClusterDeployment")]
    [InlineData("spec.cluster.replicas", "3")]
    [InlineData("spec.cluster.distribution", "zone-aware")]
    [InlineData("spec.cluster.loadBalancing.algorithm", "least-connections")]
    [InlineData("spec.cluster.loadBalancing.healthCheck.path", "/health")]
    [InlineData("spec.cluster.loadBalancing.healthCheck.interval", "10s")]
    [InlineData("spec.cluster.loadBalancing.healthCheck.timeout", "5s")]
    [InlineData("spec.cluster.loadBalancing.healthCheck.unhealthyThreshold", "3")]
    [InlineData("spec.cluster.loadBalancing.healthCheck.healthyThreshold", "2")]
    [InlineData("spec.template.spec.app.binary", "/usr/local/bin/gateway")]
    [InlineData("spec.template.spec.resources.memory", "2Gi")]
    [InlineData("spec.template.spec.resources.cpu", "1000m")]
    [InlineData(Health + "livenessProbe.httpGet.path", "/health")]
    [InlineData(Health + "readinessProbe.httpGet.path", "/ready")]
    [InlineData(Metrics + "enabled", "true")]
    [InlineData(Metrics + "path", "/metrics")]
    public void The_deployment_is_the_agreed_one(string place, string value) => Assert.Equal(value, Manifest.Text(place));

    [Fact]
    public async Task Its_args_mean_what_the_deployment_says_of_a_replica()
    {
        var settings = await SettingsAsync();
        var pool = Assert.Single(settings.Pools);

        Assert.Equal(("gateway-httpcg-gateway-ha-1", "b", 1000), (settings.GatewayId, settings.Zone, settings.Limits.MaxConnections));
        Assert.Equal(["http://backend-1:8001", "http://backend-2:8002", "http://backend-3:8003"], pool.Endpoints.Select(e => e.Address.Canonical));
        Assert.Equal((Strategy.LeastConnections, 3, 5), (pool.Strategy, pool.Retry.Attempts, pool.Breaker.Threshold));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)), (pool.Health.Interval, pool.Timeouts.Request));

        Assert.Equal(new IPEndPoint(IPAddress.Any, PortAt(Health + "livenessProbe.httpGet.port")), settings.ListenAddress);
        Assert.Equal(new IPEndPoint(IPAddress.Any, PortAt(Health + "readinessProbe.httpGet.port")), settings.ListenAddress);
        Assert.Equal(new IPEndPoint(IPAddress.Any, PortAt(Metrics + "port")), settings.MetricsAddress);
        Assert.True(settings.MetricsEnabled);
        Assert.Contains(settings.ClusterAddress!.Value, settings.SeedNodes);
        Assert.Equal(Manifest.Text("spec.cluster.replicas"), settings.SeedNodes.Length.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Exactly these args, except what a test cannot use: fixed ports and the cluster's names. They are replaced by free ports, and three backends under the
    /// names of the three. (.ci/compose runs the image's binary with the args unchanged.)
    /// </summary>
    [Fact]
    public async Task A_replica_with_these_args_answers_requests_checks_and_scrapes()
    {
        await using var backends = new BackendSet(3);
        var given = await SettingsAsync();
        await using var replica = await TestGateway.StartAsync([], settings: _ => given with
        {
            ListenAddress = new(IPAddress.Loopback, 0),
            MetricsAddress = new(IPAddress.Loopback, 0),
            AdminAddress = new(IPAddress.Loopback, 0),
            ClusterAddress = null,
            SeedNodes = [],
            WarmUp = TimeSpan.Zero,
            Drain = given.Drain with { Delay = TimeSpan.Zero },
            Pools = [Relocated(given.Pools[0], backends)],
        });

        await replica.ReadyAsync();
        foreach (var path in (string[])[Manifest.Text(Health + "livenessProbe.httpGet.path"), Manifest.Text(Health + "readinessProbe.httpGet.path"), "/"])
        {
            using var answer = await replica.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }

        var scrape = new Uri(replica.MetricsAddress, Manifest.Text(Metrics + "path"));
        Assert.Contains("gateway_build_info", await replica.Client.GetStringAsync(scrape), StringComparison.Ordinal);
    }

    private static PoolSettings Relocated(PoolSettings pool, BackendSet backends) => pool with
    {
        Endpoints = [.. pool.Endpoints.Zip(backends.Addresses, (endpoint, address) => endpoint with
        {
            Address = TestEndpoints.Address(address.GetLeftPart(UriPartial.Authority)),
        })],
    };

    private static int PortAt(string place) => int.Parse(Manifest.Text(place), CultureInfo.InvariantCulture);

    /// <summary>The second of the three, as started by DockLock.</summary>
    private static Task<GatewaySettings> SettingsAsync() => Deployment.SettingsAsync(
        Manifest.Texts("spec.template.spec.app.args").Select(arg => arg
            .Replace("${POD_NAME}", "httpcg-gateway-ha-1", StringComparison.Ordinal)
            .Replace("${POD_ZONE}", "b", StringComparison.Ordinal)),
        new Dictionary<string, string>());
}
