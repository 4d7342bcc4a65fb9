namespace Gateway.Actors.Cluster.Wire;

/// <summary>
/// The version of what crosses nodes. Replicas tell theirs when they get to know each other. The rule is that release n reads what n + 1 writes, so
/// that a cluster can be upgraded replica by replica, and back:
/// <list type="bullet">
/// <item>A message, and an item of a list, gets new fields at its end only; who does not know them passes over them, who misses them takes a default.</item>
/// <item>A word of a set that is not known is read as the one that claims least.</item>
/// <item>A message that is written otherwise takes another manifest, in two steps: one release reads both and writes the old, the next writes the new.</item>
/// <item>A new kind of message may be sent to all; those that do not know it pass over it, and nothing may depend on their answer.</item>
/// </list>
/// Every change counts <see cref="Version"/> up.
/// </summary>
public static class WireProtocol
{
    /// <summary>1: as it was before replicas told their version. 2: items with lengths, overrides as remarks. 3: analytics.</summary>
    public const int Version = 3;

    /// <summary>The oldest version that this release reads.</summary>
    public const int Oldest = 2;

    /// <summary>Whether a replica of that version and this one understand all that they tell each other: they are one version apart at most.</summary>
    public static bool Fits(int version) => version >= Oldest && version is >= Version - 1 and <= Version + 1;
}
