using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>A stretch of a replica's stream, without holes.</summary>
/// <param name="After">The sequence before the first.</param>
/// <param name="Observations">In the order of their sequences: After + 1, After + 2 and so on.</param>
public sealed record Edges(long After, ImmutableArray<Observation> Observations)
{
    public long Last => After + Observations.Length;
}
