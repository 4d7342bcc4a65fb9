using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>A stretch of a replica's stream, without holes.</summary>
/// <param name="After">The sequence before the first.</param>
/// <param name="Observations">In the order of their sequences: After + 1, After + 2 and so on, but for those that are <see cref="Unknown"/>.</param>
public sealed record Edges(long After, ImmutableArray<Observation> Observations)
{
    /// <summary>How many more there were, of endpoints that this version cannot have.</summary>
    public int Unknown { get; init; }

    public long Last => After + Observations.Length + Unknown;

    /// <summary>The same stretch in parts that each fit into one message; one at least. To be told in this order.</summary>
    public IEnumerable<Edges> Parts()
    {
        var (begin, bytes) = (0, 0);
        for (var i = 0; i < Observations.Length; i++)
        {
            var next = Observations[i].MostBytes;
            if (bytes + next > SnapshotChunk.MaxBytes && i > begin)
            {
                yield return new(After + begin, Observations[begin..i]);
                (begin, bytes) = (i, 0);
            }

            bytes += next;
        }

        yield return new(After + begin, Observations[begin..]) { Unknown = Unknown };
    }
}
