using Gateway.Node.Demo;
using Gateway.Tests.Cluster;

namespace Gateway.Tests.Demo;

[Collection(nameof(ClusterTests))]
public sealed class DemoClusterTests
{
    [Fact]
    public async Task The_demo_is_one_cluster_of_three_replicas_and_every_one_of_them_answers()
    {
        await using var demo = await DemoCluster.StartAsync(DemoPorts.Any, (_, _) => { });
        using var client = new HttpClient();
        foreach (var gateway in demo.Gateways)
        {
            using var answer = await client.GetAsync(new Uri($"http://{gateway.Requests}/"));
            Assert.True(answer.IsSuccessStatusCode);

            var metrics = await client.GetStringAsync(new Uri($"http://{gateway.Metrics}/metrics"));
            foreach (var zone in (string[])["a", "b", "c"])
            {
                Assert.Contains($$"""gateway_cluster_members{zone="{{zone}}",kind="gateway",state="up"} 1""", metrics, StringComparison.Ordinal);
            }
        }

        Assert.Contains("one cluster", DemoText.Of(demo), StringComparison.Ordinal);
    }
}
