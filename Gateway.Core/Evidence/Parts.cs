using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>The parts of one snapshot received so far, in any order and with any repeats.</summary>
/// <param name="Last">The last sequence number included in the snapshot.</param>
/// <param name="Count">The number of parts in the snapshot.</param>
public sealed record Parts(long Last, int Count)
{
    private ImmutableDictionary<int, ImmutableArray<ReceivedEntry>> ByIndex { get; init; } = ImmutableDictionary<int, ImmutableArray<ReceivedEntry>>.Empty;

    public bool IsComplete => ByIndex.Count == Count;

    public IEnumerable<ReceivedEntry> Received => ByIndex.Values.SelectMany(part => part);

    /// <summary>Whether a chunk belongs to the same snapshot.</summary>
    public bool Fits(SnapshotChunk chunk) => chunk.Last == Last && chunk.Count == Count;

    public Parts Add(SnapshotChunk chunk, TimeSpan now) => ByIndex.ContainsKey(chunk.Index) || chunk.Index < 0 || chunk.Index >= Count
        ? this
        : this with { ByIndex = ByIndex.Add(chunk.Index, [.. chunk.Entries.Select(o => new ReceivedEntry(o, now - o.Age))]) };
}
