namespace Gateway.Actors.Cluster;

/// <summary>
/// The version of the wire protocol. Replicas exchange it when they discover each other. Release n must read what n + 1 writes, so
/// that a cluster can be upgraded replica by replica, and back:
/// <list type="bullet">
/// <item>Messages and list items get new fields at their end only; older versions skip them, and newer ones use a default if they are missing.</item>
/// <item>An unknown value of an enumeration is read as the one that claims least.</item>
/// <item>A message with a changed encoding gets a new manifest, in two steps: one release reads both and writes the old, the next writes the new.</item>
/// <item>A new kind of message may be sent to all; versions that do not know it ignore it, and nothing may depend on their answer.</item>
/// </list>
/// Every change increments <see cref="Version"/>.
/// </summary>
public static class WireProtocol
{
    /// <summary>1: before replicas sent their version. 2: items with lengths, overrides as remarks. 3: analytics.</summary>
    public const int Version = 3;

    /// <summary>The oldest version that this release reads.</summary>
    public const int Oldest = 2;

    /// <summary>Whether a replica of that version and this one understand all of each other's messages: they are at most one version apart.</summary>
    public static bool Fits(int version) => version >= Oldest && version is >= Version - 1 and <= Version + 1;
}
