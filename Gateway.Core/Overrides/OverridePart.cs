using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Overrides;

/// <summary>
/// A part of the operators' changes, sent between nodes as a whole: the remarks in force, and for each writer the time up to which its remarks were
/// seen. So a remark that only one replica has is either new (the other has not seen it) or obsolete (it has): an obsolete remark
/// leaves nothing behind. (An observed-remove set with a version vector in place of tombstones; Bieniusa et al. 2012.) Merging is
/// commutative, associative and idempotent.
/// </summary>
public sealed record OverridePart
{
    public static OverridePart Empty { get; } = new();

    public ImmutableDictionary<EndpointId, EndpointOverride> Words { get; private init; } = ImmutableDictionary<EndpointId, EndpointOverride>.Empty;

    /// <summary>For each writer, the time up to which its remarks were seen.</summary>
    public ImmutableDictionary<long, long> Seen { get; private init; } = ImmutableDictionary<long, long>.Empty;

    /// <summary>The highest time in it; 0 if it is empty.</summary>
    public long Time => Seen.IsEmpty ? 0 : Seen.Values.Max();

    /// <summary>Creates a part from its transferred contents.</summary>
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

    /// <summary>Sets the override of an endpoint on behalf of a writer; null removes it.</summary>
    public OverridePart With(EndpointId endpoint, EndpointOverride? word, Stamp stamp) => new()
    {
        Words = word is null ? Words.Remove(endpoint) : Words.SetItem(endpoint, word),
        Seen = Seen.SetItem(stamp.Writer, stamp.Time),
    };

    /// <returns>This part itself if the other has nothing new.</returns>
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

    /// <summary>Returns the remarks of one side that the other has too, or has not seen yet.</summary>
    private static IEnumerable<Remark> Kept(EndpointOverride? ours, EndpointOverride? theirs, OverridePart side) =>
        ours?.Remarks.Where(r => theirs?.Has(r.Stamp) == true || side.Seen.GetValueOrDefault(r.Stamp.Writer) < r.Stamp.Time) ?? [];
}
