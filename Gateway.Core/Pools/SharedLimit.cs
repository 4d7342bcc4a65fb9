namespace Gateway.Core.Pools;

/// <summary>Computes one replica's part of a limit shared by all replicas.</summary>
public static class SharedLimit
{
    /// <summary>
    /// Returns <c>ceil(limit / replicas)</c>, so that each gets at least 1: 100 among 3 replicas is 34 each. Together they may exceed the
    /// limit by at most one less than the number of replicas.
    /// </summary>
    /// <param name="replicas">
    /// The number that share it: the recent maximum (<see cref="Membership.RecentMaximum"/>), since unreachable replicas use their part too.
    /// </param>
    public static int PartOf(int limit, int replicas) => (limit + Math.Max(1, replicas) - 1) / Math.Max(1, replicas);
}
