using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Analytics;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Analytics;

/// <summary>The traffic of a real cluster, merged at the replica that is asked.</summary>
public sealed class ClusterAnalyticsTests
{
    [Fact]
    public async Task Three_replicas_are_one_sum_at_each_of_them_and_one_that_is_out_is_named()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var first = await TestCluster.StartAsync("one", [backend.Address]);
        await using var second = await TestCluster.StartAsync("two", [backend.Address], first);
        await using var third = await TestCluster.StartAsync("three", [backend.Address], first);
        TestGateway[] all = [first, second, third];
        foreach (var gateway in all)
        {
            await TestCluster.UntilAsync(() => TestCluster.ViewOf(gateway).ReachableGateways.Length == 3);
        }

        foreach (var (gateway, requests) in ((TestGateway, int)[])[(first, 2), (second, 3), (third, 5)])
        {
            Assert.All(await gateway.AskManyAsync(requests), status => Assert.Equal(200, status));
        }

        foreach (var gateway in all)
        {
            await IsAsync(gateway, 10, ["one", "three", "two"], []);
        }

        // One runs, but does not answer.
        third.Services.GetRequiredService<ActorSystem>().Stop(third.Services.GetRequiredService<IRequiredActor<AnalyticsActor>>().ActorRef);
        await IsAsync(first, 5, ["one", "two"], ["three: no answer within 1 s"]);
        await IsAsync(second, 5, ["one", "two"], ["three: no answer within 1 s"]);

        // One that has left is not reported as missing.
        await third.StopAsync();
        await IsAsync(first, 5, ["one", "two"], []);
        Assert.Equal(2, Count(await GetAsync(first, "replica"), "routes"));
    }

    private static async Task IsAsync(TestGateway gateway, long count, string[] replicas, string[] missing) =>
        await Eventually.IsAsync(
            async () =>
            {
                var sum = await GetAsync(gateway, "cluster");
                return (Count(sum, "routes"), Count(sum, "pools"), Count(sum, "endpoints")) == (count, count, count) &&
                    sum["replicas"]!.AsArray().Select(r => (string)r!).SequenceEqual(replicas) &&
                    sum["missing"]!.AsArray().Select(m => $"{m!["replica"]}: {m["why"]}").SequenceEqual(missing);
            },
            TestCluster.WaitTimeout);

    private static long Count(JsonNode listing, string what) => listing[what]!.AsArray().Sum(row => (long)row!["windows"]![0]!["count"]!);

    private static async Task<JsonNode> GetAsync(TestGateway gateway, string scope) =>
        JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri($"/analytics?window=15m&scope={scope}", UriKind.Relative)))!;
}
