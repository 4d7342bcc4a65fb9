using Akka.DistributedData;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Sharing;

/// <summary>
/// A part of the operators' changes to endpoints, as stored in the cluster. A value must fit into one message, hence the parts; <c>cluster.hocon</c>
/// limits how many go into one gossip message. Merged by the remarks' own stamps, not by the storing replica.
/// </summary>
public sealed record OverridesData(OverridePart Part) : IReplicatedData<OverridesData>, IWireMessage
{
    public static OverridesData Empty { get; } = new(OverridePart.Empty);

    /// <summary>The keys of the parts, by number.</summary>
    public static IReadOnlyList<OverridesKey> Keys { get; } = [.. Enumerable.Range(0, OverrideMap.PartCount).Select(i => new OverridesKey(i))];

    public OverridesData Merge(OverridesData other) => Part.Merge(other.Part) is var merged && ReferenceEquals(merged, Part) ? this : new(merged);

    public IReplicatedData Merge(IReplicatedData other) => Merge((OverridesData)other);
}

/// <summary>The key of a part.</summary>
/// <param name="number">The number of the part.</param>
public sealed class OverridesKey(int number) : Key<OverridesData>($"override-part-{number}")
{
    public int Number { get; } = number;

    /// <summary>Returns the part number for a key's id; keys returned by the replicator may be of another class.</summary>
    public static int NumberOf(IKey key) => OverridesData.Keys.First(k => k.Id == key.Id).Number;
}
