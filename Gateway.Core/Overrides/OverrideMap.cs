using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Core.Overrides;

/// <summary>
/// The operators' changes to endpoints that are in force. It is divided by endpoint into parts, each of which fits into one message. Replicas that
/// have merged the same parts, in any order and any number of times, hold the same map.
/// </summary>
public sealed record OverrideMap
{
    /// <summary>The number of parts. It must never change: replicas of all versions must divide alike.</summary>
    public const int PartCount = 256;

    /// <summary>The maximum number of endpoints with an override: that many fit, whatever their remarks.</summary>
    public const int MaxCount = 20_000;

    public static OverrideMap Empty { get; } = new();

    /// <summary>By index from <see cref="PartOf"/>.</summary>
    public ImmutableArray<OverridePart> Parts { get; private init; } = [.. Enumerable.Repeat(OverridePart.Empty, PartCount)];

    /// <summary>All overrides, in no particular order.</summary>
    public IEnumerable<KeyValuePair<EndpointId, EndpointOverride>> All => Parts.SelectMany(part => part.Words);

    /// <summary>The number of endpoints with an override.</summary>
    public int Count { get; private init; }

    /// <summary>The highest time in it; 0 if empty.</summary>
    public long Time { get; private init; }

    /// <summary>The override of an endpoint; null if none.</summary>
    public EndpointOverride? this[EndpointId endpoint] => Parts[PartOf(endpoint)].Words.GetValueOrDefault(endpoint);

    /// <summary>Returns the part of an endpoint (FNV-1a over its id).</summary>
    public static int PartOf(EndpointId endpoint)
    {
        var hash = endpoint.ToString().Aggregate(2166136261u, static (hash, c) => unchecked((hash ^ c) * 16777619u));
        return (int)(hash % PartCount);
    }

    /// <summary>Applies an operator's change made at this replica.</summary>
    /// <param name="writer">The number of this replica's process; see <see cref="Stamp"/>.</param>
    public OverrideMap Change(EndpointId endpoint, EndpointChange change, long writer, string who)
    {
        var stamp = new Stamp(Time + 1, writer);
        var part = PartOf(endpoint);
        return With(part, Parts[part].With(endpoint, change.On(this[endpoint], stamp, who), stamp));
    }

    /// <summary>Merges a part received from another replica.</summary>
    /// <returns>This map itself if the part has nothing new.</returns>
    public OverrideMap Merge(int part, OverridePart theirs) => With(part, Parts[part].Merge(theirs));

    public OverrideMap Merge(OverrideMap other) => Enumerable.Range(0, PartCount).Aggregate(this, (map, part) => map.Merge(part, other.Parts[part]));

    /// <summary>Returns the endpoints whose overrides differ in the other map.</summary>
    public IEnumerable<EndpointId> DifferentIn(OverrideMap other) => Enumerable.Range(0, PartCount)
        .Where(part => !ReferenceEquals(Parts[part], other.Parts[part]))
        .SelectMany(part => Parts[part].Words.Keys.Union(other.Parts[part].Words.Keys))
        .Where(endpoint => !Equals(this[endpoint], other[endpoint]));

    /// <summary>Applies the overrides to a pool's settings; endpoints of the settings first, then those added.</summary>
    public PoolSettings Apply(PoolSettings pool)
    {
        var words = All.Where(w => w.Key.Pool == pool.Name).ToDictionary(w => w.Key.Address, w => w.Value);
        if (words.Count == 0)
        {
            return pool;
        }

        var own = pool.Endpoints.Select(e => e.Address).ToHashSet();
        var added = words.Where(w => w.Value.Added is not null && !own.Contains(w.Key))
            .OrderBy(w => w.Key.Canonical, StringComparer.Ordinal)
            .Select(w => w.Value.Added!.At(w.Key));
        return pool with
        {
            Endpoints = [.. pool.Endpoints.Concat(added).Select(e => Apply(e, words.GetValueOrDefault(e.Address))).OfType<EndpointSettings>()],
        };
    }

    public bool Equals(OverrideMap? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(Count, Time);

    private static EndpointSettings? Apply(EndpointSettings endpoint, EndpointOverride? word) => word switch
    {
        null => endpoint,
        { Removed: true } => null,
        _ => endpoint with { Weight = word.Weight ?? endpoint.Weight, Draining = word.Draining },
    };

    private OverrideMap With(int number, OverridePart part) => ReferenceEquals(part, Parts[number]) ? this : new()
    {
        Parts = Parts.SetItem(number, part),
        Count = Count - Parts[number].Words.Count + part.Words.Count,
        Time = Math.Max(Time, part.Time),
    };
}
