using Akka.DistributedData;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Sharing;

/// <summary>
/// A part of what operators have said of endpoints, as the cluster holds it. A value must fit into one message, hence the parts; how many of them go into
/// one message of gossip stands in <c>cluster.hocon</c>. Merged by the remarks' own stamps, not by who stores them.
/// </summary>
public sealed record OverridesData(OverridePart Part) : IReplicatedData<OverridesData>, IWireMessage
{
    public static OverridesData Empty { get; } = new(OverridePart.Empty);

    /// <summary>The names of the parts, by their number.</summary>
    public static IReadOnlyList<OverridesKey> Keys { get; } = [.. Enumerable.Range(0, OverrideMap.PartCount).Select(i => new OverridesKey(i))];

    public OverridesData Merge(OverridesData other) => Part.Merge(other.Part) is var merged && ReferenceEquals(merged, Part) ? this : new(merged);

    public IReplicatedData Merge(IReplicatedData other) => Merge((OverridesData)other);
}

/// <summary>The name of a part.</summary>
/// <param name="number">Which.</param>
public sealed class OverridesKey(int number) : Key<OverridesData>($"override-part-{number}")
{
    public int Number { get; } = number;

    /// <summary>The number in a key of that name; keys that come back from the replicator may be of another class.</summary>
    public static int NumberOf(IKey key) => OverridesData.Keys.First(k => k.Id == key.Id).Number;
}
