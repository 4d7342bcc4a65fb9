using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Overrides;

/// <summary>
/// A part of what operators have said, which crosses nodes as a whole: the remarks that hold, and of each writer the time up to which its remarks were
/// seen. So what one replica has and another has not is either new (the other has not seen it) or over (it has): a remark that no longer holds
/// leaves nothing behind. (Known as an observed-remove set with a version vector in place of tombstones; Bieniusa et al. 2012.) Merging is
/// commutative, associative and idempotent.
/// </summary>
public sealed record OverridePart
{
    public static OverridePart Empty { get; } = new();

    public ImmutableDictionary<EndpointId, EndpointOverride> Words { get; private init; } = ImmutableDictionary<EndpointId, EndpointOverride>.Empty;

    /// <summary>Of each writer, the time up to which its remarks were seen.</summary>
    public ImmutableDictionary<long, long> Seen { get; private init; } = ImmutableDictionary<long, long>.Empty;

    /// <summary>The highest time in it; 0 when it is empty.</summary>
    public long Time => Seen.IsEmpty ? 0 : Seen.Values.Max();

    /// <summary>Puts a part together out of what crossed nodes.</summary>
    public static OverridePart Of(IEnumerable<KeyValuePair<EndpointId, EndpointOverride>> words, IEnumerable<KeyValuePair<long, long>> seen)
    {
        var (all, times) = (ImmutableDictionary.CreateBuilder<EndpointId, EndpointOverride>(), ImmutableDictionary.CreateBuilder<long, long>());
        foreach (var (endpoint, word) in words.Where(word => !word.Value.Remarks.IsEmpty))
        {
            all[endpoint] = word;
        }

        foreach (var (writer, time) in seen)
        {
            times[writer] = time;
        }

        return new() { Words = all.ToImmutable(), Seen = times.ToImmutable() };
    }

    /// <summary>What holds of an endpoint from now on, as its writer says it; null: nothing.</summary>
    public OverridePart With(EndpointId endpoint, EndpointOverride? word, Stamp stamp) => new()
    {
        Words = word is null ? Words.Remove(endpoint) : Words.SetItem(endpoint, word),
        Seen = Seen.SetItem(stamp.Writer, stamp.Time),
    };

    /// <returns>This same part when the other brings nothing new.</returns>
    public OverridePart Merge(OverridePart other)
    {
        if (ReferenceEquals(this, other) || ReferenceEquals(other, Empty))
        {
            return this;
        }

        var words = Words;
        foreach (var endpoint in Words.Keys.Union(other.Words.Keys))
        {
            var (mine, theirs) = (Words.GetValueOrDefault(endpoint), other.Words.GetValueOrDefault(endpoint));
            if (Equals(mine, theirs))
            {
                continue;
            }

            var merged = EndpointOverride.Of(Kept(mine, theirs, other).Concat(Kept(theirs, mine, this).Where(r => mine?.Has(r.Stamp) != true)));
            if (!Equals(merged, mine))
            {
                words = merged is null ? words.Remove(endpoint) : words.SetItem(endpoint, merged);
            }
        }

        var seen = other.Seen.Aggregate(Seen, static (all, one) => all.GetValueOrDefault(one.Key) >= one.Value ? all : all.SetItem(one.Key, one.Value));
        return ReferenceEquals(words, Words) && ReferenceEquals(seen, Seen) ? this : new() { Words = words, Seen = seen };
    }

    public bool Equals(OverridePart? other) => other is not null
        && Words.Count == other.Words.Count && Words.All(word => word.Value.Equals(other.Words.GetValueOrDefault(word.Key)))
        && Seen.Count == other.Seen.Count && Seen.All(one => other.Seen.GetValueOrDefault(one.Key) == one.Value);

    public override int GetHashCode() => HashCode.Combine(Words.Count, Seen.Count, Time);

    /// <summary>Remarks of one side that the other has too, or has not seen yet.</summary>
    private static IEnumerable<Remark> Kept(EndpointOverride? ours, EndpointOverride? theirs, OverridePart side) =>
        ours?.Remarks.Where(r => theirs?.Has(r.Stamp) == true || side.Seen.GetValueOrDefault(r.Stamp.Writer) < r.Stamp.Time) ?? [];
}
