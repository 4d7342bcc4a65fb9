using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>A section of a replica's stream, without gaps.</summary>
/// <param name="After">The sequence number before the first.</param>
/// <param name="Entries">In sequence order: After + 1, After + 2 and so on, except those that are <see cref="Unknown"/>.</param>
public sealed record Edges(long After, ImmutableArray<EvidenceEntry> Entries)
{
    /// <summary>The number of further observations, of endpoints that this version cannot represent.</summary>
    public int Unknown { get; init; }

    public long Last => After + Entries.Length + Unknown;

    /// <summary>Splits the section into parts that each fit into one message; at least one. Send them in this order.</summary>
    public IEnumerable<Edges> Parts()
    {
        var (begin, bytes) = (0, 0);
        for (var i = 0; i < Entries.Length; i++)
        {
            var next = Entries[i].MaxEncodedBytes;
            if (bytes + next > SnapshotChunk.MaxBytes && i > begin)
            {
                yield return new(After + begin, Entries[begin..i]);
                (begin, bytes) = (i, 0);
            }

            bytes += next;
        }

        yield return new(After + begin, Entries[begin..]) { Unknown = Unknown };
    }
}
