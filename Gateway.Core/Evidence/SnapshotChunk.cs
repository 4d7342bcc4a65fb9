using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>
/// A part of a snapshot of a replica's evidence. The sender has no evidence on endpoints that no part names.
/// </summary>
/// <param name="Last">The last sequence number in the snapshot; the same in all its parts.</param>
/// <param name="Index">The index of this part, from 0.</param>
/// <param name="Count">The number of parts, at least 1.</param>
public sealed record SnapshotChunk(long Last, int Index, int Count, ImmutableArray<EvidenceEntry> Entries)
{
    /// <summary>The maximum size of a part on the wire, well below the frame limit.</summary>
    public const int MaxBytes = 64 * 1024;

    public const int MaxCount = 4096;
}
