using Gateway.Core.Addressing;

namespace Gateway.Tests.Membership;

/// <summary>
/// Whatever clusters a history has left behind: once all links work, they become one. Every arrangement of up to seven replicas and three seeds, at least one
/// of them alive: which seeds are dead, which replicas share a cluster, which are in none and why, and which addresses sort first. (Replicas that are not seeds
/// differ only in their address; of arrangements that differ only in that, one is used. A downed replica that is the only one alive is left out: it waits for
/// others.)
/// </summary>
public sealed class OneClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Once_links_are_whole_there_is_one_cluster_and_it_stays(int replicas)
    {
        var (count, number, longest) = (0, replicas, TimeSpan.Zero);
        foreach (var arrangement in Arrangements(replicas))
        {
            var took = Settle(arrangement with { Number = ++number });
            longest = took > longest ? took : longest;
            count++;
        }

        Assert.True(count > 0 && longest < Limit, $"{count} arrangements of {replicas}, the longest took {longest}");
    }

    /// <summary>The time until there was one cluster.</summary>
    private static TimeSpan Settle(Arrangement arrangement)
    {
        var clusters = SimulatedClusters.Begin(arrangement);
        while (!clusters.IsOne)
        {
            Assert.True(clusters.Now < Limit, $"no single cluster within {Limit}: {arrangement}; now {string.Join(" | ", clusters.Alive.Select(r => $"{r.Id} sees {r.View?.ReachableGateways.Length}"))}");
            clusters.Second();
        }

        var (took, yielded) = (clusters.Now, clusters.Alive.Sum(r => r.Yielded));
        while (clusters.Now < took + Calm)
        {
            clusters.Second();
            Assert.True(clusters.Alive.Sum(r => r.Yielded) == yielded, $"one left the only cluster: {arrangement}");
        }

        return took;
    }

    private static IEnumerable<Arrangement> Arrangements(int replicas) =>
        from seeds in Enumerable.Range(1, Math.Min(3, replicas))
        from dead in Enumerable.Range(0, (1 << seeds) - 1)
        from seedsFirst in new[] { true, false }
        from firstStart in new[] { true, false }
        let names = Enumerable.Range(0, replicas).Select(i => new HostPort($"{(char)((i < seeds) == seedsFirst ? 'a' : 'm')}{i}", 1)).ToList()
        let alive = Enumerable.Range(0, replicas).Where(i => i >= seeds || (dead >> i & 1) == 0).ToList()
        from groups in Groups(alive.Count, alive.Count(i => i < seeds))
        where firstStart || (groups.Contains(0) && alive.Count > 1)
        select new Arrangement(names[..seeds], [.. alive.Zip(groups, (i, number) => (names[i], number))], firstStart, 0);

    /// <summary>Every way to divide them into clusters and those in none (0); the first <paramref name="distinct"/> differ, the others are equal.</summary>
    private static IEnumerable<int[]> Groups(int count, int distinct)
    {
        return From([], 0);

        IEnumerable<int[]> From(int[] begun, int highest) => begun.Length == count
            ? [begun]
            : Enumerable.Range(0, highest + 2)
                .Where(group => begun.Length <= distinct || group >= begun[^1])
                .SelectMany(group => From([.. begun, group], Math.Max(highest, group)));
    }
}
