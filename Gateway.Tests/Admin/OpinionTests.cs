using System.Text.Json.Nodes;
using Gateway.Core.Commands;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Tests.Cluster;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Admin;

/// <summary>The others' opinions in the admin API of each replica of a real cluster.</summary>
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
            var endpoints = await Eventually.EndpointsAsync(gateway, all => good.SequenceEqual(OpinionsOf(all[0]!)) && bad.SequenceEqual(OpinionsOf(all[1]!)), TestCluster.WaitTimeout);
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

    [Fact]
    public async Task Commands_that_tell_of_the_cluster_say_the_same_at_every_replica_once_it_has_settled()
    {
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var sick = RawBackend.Start(RawScripts.Answer(503));
        Uri[] backends = [well.Address, sick.Address];
        await using var first = await StartAsync("a", backends);
        await using var second = await StartAsync("b", backends, first);
        await using var third = await StartAsync("c", backends, first);
        TestGateway[] all = [first, second, third];
        foreach (var gateway in all)
        {
            await Eventually.EndpointsAsync(
                gateway,
                endpoints => OpinionsOf(endpoints[0]!).All(o => o.EndsWith(":good", StringComparison.Ordinal)) &&
                    OpinionsOf(endpoints[1]!).Count(o => o.EndsWith(":bad", StringComparison.Ordinal)) == 3,
                TestCluster.WaitTimeout);
            await TestCluster.UntilAsync(() => TestCluster.ViewOf(gateway).Replicas.All(r => r is { Status: ReplicaStatus.Up, Name.Length: 1 }));
        }

        await SameAsync("gateway endpoints", $"ejected|unhealthy|closed|a, b, c: probe failed: ");
        await SameAsync($"gateway endpoint {sick.EndPoint}", "c|c|ejected|closed|0|0|0|0|-|0|0|0|0|0|-|ejected (own-probe)");
        await SameAsync($"gateway endpoint {well.EndPoint}", "b|b|available|closed");
        await SameAsync("cluster show", "[gateway, zone-b]|up||0.1.0");
        await SameAsync("gateway replicas", "c|c|gateway|up|yes|0.1.0");

        // Each replica decides by what it has heard, a moment after it has heard it.
        async Task SameAsync(string line, string expected)
        {
            HashSet<string> texts = [];
            try
            {
                await Eventually.IsAsync(
                    async () =>
                    {
                        texts = [];
                        foreach (var gateway in all)
                        {
                            texts.Add(Timeless(await CommandStream.RunAsync(gateway, line)));
                        }

                        return texts.Count == 1 && texts.Single().Contains(expected, StringComparison.Ordinal);
                    },
                    TestCluster.WaitTimeout);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not the same everywhere with '{expected}':\n{string.Join("\n", texts)}");
            }
        }
    }

    /// <summary>A command's output, without times.</summary>
    private static string Timeless(IEnumerable<CommandOutput> outputs)
    {
        List<string> lines = [];
        CommandOutput.Table? table = null;
        foreach (var output in outputs)
        {
            table = output as CommandOutput.Table ?? table;
            lines.Add(output switch
            {
                CommandOutput.Row row => string.Join('|', row.Cells.Zip(table!.Columns)
                    .Where(cell => !cell.Second.Name.EndsWith("Seconds", StringComparison.Ordinal) || cell.Second.Name == "openForSeconds")
                    .Where(cell => cell.Second.Name != "probe").Select(cell => cell.First.Show(CellFormat.Text))),
                CommandOutput.Table => "",
                _ => output.ToString()!,
            });
        }

        return string.Join('\n', lines);
    }

    private static Task<TestGateway> StartAsync(string zone, IEnumerable<Uri> backends, TestGateway? seed = null) => TestCluster.StartAsync(
        zone, backends, seed, pool => pool with { Health = new() { Interval = TimeSpan.FromMilliseconds(200), Probe = new ProbeSpec() } },
        settings => settings with { Zone = zone });

    private static IEnumerable<string> OpinionsOf(JsonNode endpoint) =>
        endpoint["opinions"]!.AsArray().Select(opinion => $"{opinion!["replica"]}:{opinion["opinion"]}").Order();
}
