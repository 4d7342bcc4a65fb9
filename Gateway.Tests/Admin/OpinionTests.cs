using System.Text.Json.Nodes;
using Gateway.Core.Health;
using Gateway.Tests.Cluster;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Admin;

/// <summary>What the admin API of each replica of a real cluster tells of the others' opinions.</summary>
[Collection(nameof(ClusterTests))]
public sealed class OpinionTests
{
    [Fact]
    public async Task Every_replica_tells_the_same_opinions_of_all_once_they_have_told_each_other()
    {
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var sick = RawBackend.Start(RawScripts.Answer(503));
        Uri[] backends = [well.Address, sick.Address];
        await using var first = await StartAsync("a", backends);
        await using var second = await StartAsync("b", backends, first);
        await using var third = await StartAsync("c", backends, first);

        string[] good = ["a:good", "b:good", "c:good"], bad = ["a:bad", "b:bad", "c:bad"];
        foreach (var gateway in (TestGateway[])[first, second, third])
        {
            var endpoints = await EndpointsAsync(gateway, all => good.SequenceEqual(OpinionsOf(all[0]!)) && bad.SequenceEqual(OpinionsOf(all[1]!)));
            var opinions = endpoints[1]!["opinions"]!.AsArray();
            Assert.Equal(TestCluster.ViewOf(gateway).Self.Name, (string?)Assert.Single(opinions, opinion => (bool)opinion!["self"]!)!["replica"]);
            Assert.All(opinions, opinion =>
            {
                Assert.Equal((true, "unhealthy", "closed"), ((bool)opinion!["fresh"]!, (string?)opinion["verdict"], (string?)opinion["breaker"]));
                Assert.Equal((string?)opinion["replica"], (string?)opinion["zone"]);
                Assert.True((double)opinion["ageSeconds"]! >= 0);
                Assert.StartsWith("probe failed", (string?)opinion["why"], StringComparison.Ordinal);
            });
            Assert.Equal("ejected", (string?)endpoints[1]!["state"]);
            Assert.Equal("ejected (own-probe)", (string?)endpoints[1]!["reason"]);
        }
    }

    private static Task<TestGateway> StartAsync(string zone, IEnumerable<Uri> backends, TestGateway? seed = null) => TestCluster.StartAsync(
        zone, backends, seed, pool => pool with { Health = new() { Interval = TimeSpan.FromMilliseconds(200), Probe = new ProbeSpec() } },
        settings => settings with { Zone = zone });

    private static IEnumerable<string> OpinionsOf(JsonNode endpoint) =>
        endpoint["opinions"]!.AsArray().Select(opinion => $"{opinion!["replica"]}:{opinion["opinion"]}").Order();

    private static async Task<JsonArray> EndpointsAsync(TestGateway gateway, Func<JsonArray, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TestCluster.Patience);
        while (true)
        {
            var endpoints = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/endpoints", UriKind.Relative), limit.Token))!["endpoints"]!.AsArray();
            if (isSo(endpoints))
            {
                return endpoints;
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
