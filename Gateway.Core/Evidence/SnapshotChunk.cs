using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>A part of all that a replica has to say. An endpoint that no part names is one that it says nothing of.</summary>
/// <param name="Last">The last sequence that the whole takes in; the same in all its parts.</param>
/// <param name="Index">Which part this is, from 0.</param>
/// <param name="Count">How many there are, at least 1.</param>
public sealed record SnapshotChunk(long Last, int Index, int Count, ImmutableArray<Observation> Observations)
{
    /// <summary>The most that a part takes on the wire, well below what a frame may hold.</summary>
    public const int MaxBytes = 64 * 1024;

    public const int MaxCount = 4096;
}
