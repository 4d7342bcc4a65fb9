using Akka.DistributedData;
using Gateway.Core.Endpoints;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Sharing;

/// <summary>
/// What operators have said of endpoints, as the cluster holds it. All of it would be one value, and a value must fit into one message; so
/// it is divided by endpoint into as many as there are <see cref="Keys"/>. Merged by the words' own stamps, not by who stores them.
/// </summary>
public sealed record OverridesData(OverrideMap Map) : IReplicatedData<OverridesData>, IWireMessage
{
    public static OverridesData Empty { get; } = new(OverrideMap.Empty);

    /// <summary>The names of the parts. Their number never changes: replicas of all versions must divide alike.</summary>
    public static IReadOnlyList<OverridesKey> Keys { get; } = [.. Enumerable.Range(0, 16).Select(i => new OverridesKey($"overrides-{i}"))];

    /// <summary>The part that an endpoint is in (FNV-1a over its id).</summary>
    public static OverridesKey KeyOf(EndpointId endpoint)
    {
        var hash = endpoint.ToString().Aggregate(2166136261u, static (hash, c) => unchecked((hash ^ c) * 16777619u));
        return Keys[(int)(hash % (uint)Keys.Count)];
    }

    public OverridesData Merge(OverridesData other) => new(Map.Merge(other.Map));

    public IReplicatedData Merge(IReplicatedData other) => Merge((OverridesData)other);
}

/// <summary>The name of a part.</summary>
public sealed class OverridesKey(string id) : Key<OverridesData>(id);
