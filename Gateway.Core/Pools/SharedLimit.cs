namespace Gateway.Core.Pools;

/// <summary>What one replica takes of a limit that all replicas share.</summary>
public static class SharedLimit
{
    /// <summary>
    /// <c>ceil(limit / replicas)</c>, so that each gets at least 1: 100 between 3 replicas is 34 each. Together they may exceed the limit
    /// by one less than there are replicas, never by more.
    /// </summary>
    /// <param name="replicas">
    /// How many share it: the most there were lately (<see cref="Membership.RecentMaximum"/>), since those out of sight take their part too.
    /// </param>
    public static int PartOf(int limit, int replicas) => (limit + Math.Max(1, replicas) - 1) / Math.Max(1, replicas);
}
