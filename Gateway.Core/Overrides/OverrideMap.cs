using System.Collections.Immutable;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Core.Overrides;

/// <summary>
/// What operators have said of endpoints, one word for each. Merging takes the newer of two words, so that replicas which have seen the
/// same words, in any order and any number of times, hold the same map.
/// </summary>
public sealed record OverrideMap
{
    public static OverrideMap Empty { get; } = new();

    private ImmutableSortedDictionary<EndpointId, EndpointOverride> Words { get; init; } =
        ImmutableSortedDictionary.Create<EndpointId, EndpointOverride>(EndpointIdOrder.Instance);

    /// <summary>All words, those that say nothing any more among them.</summary>
    public IEnumerable<KeyValuePair<EndpointId, EndpointOverride>> All => Words;

    public int Count => Words.Count;

    /// <summary>The highest time in it; 0 when it is empty.</summary>
    public long Time => Words.Count == 0 ? 0 : Words.Values.Max(w => w.Stamp.Time);

    /// <summary>The word on an endpoint; null: there never was one.</summary>
    public EndpointOverride? this[EndpointId endpoint] => Words.GetValueOrDefault(endpoint);

    /// <summary>Takes a word in, unless it has a newer one.</summary>
    public OverrideMap With(EndpointId endpoint, EndpointOverride word) =>
        Words.TryGetValue(endpoint, out var known) && !word.IsNewerThan(known) ? this : new() { Words = Words.SetItem(endpoint, word) };

    public OverrideMap Merge(OverrideMap other) => other.Words.Aggregate(this, (map, word) => map.With(word.Key, word.Value));

    /// <summary>The part whose endpoints are in a group.</summary>
    public OverrideMap Where(Func<EndpointId, bool> isIn) =>
        new() { Words = Words.RemoveRange(Words.Keys.Where(id => !isIn(id)).ToList()) };

    /// <summary>A pool's settings with what operators have said of its endpoints; those of the settings first, then those added.</summary>
    public PoolSettings Apply(PoolSettings pool)
    {
        var words = Words.Where(w => w.Key.Pool == pool.Name).ToDictionary(w => w.Key.Address, w => w.Value);
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

    public bool Equals(OverrideMap? other) => other is not null && Words.SequenceEqual(other.Words);

    public override int GetHashCode() => HashCode.Combine(Words.Count, Time);

    private static EndpointSettings? Apply(EndpointSettings endpoint, EndpointOverride? word) => word switch
    {
        null => endpoint,
        { Removed: true } => null,
        _ => endpoint with { Weight = word.Weight ?? endpoint.Weight, Draining = word.Draining },
    };

    private sealed class EndpointIdOrder : IComparer<EndpointId>
    {
        public static readonly EndpointIdOrder Instance = new();

        public int Compare(EndpointId x, EndpointId y)
        {
            var byPool = string.CompareOrdinal(x.Pool, y.Pool);
            return byPool != 0 ? byPool : string.CompareOrdinal(x.Address.Canonical, y.Address.Canonical);
        }
    }
}
