using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>The parts of one snapshot received so far, in any order and with any repeats.</summary>
/// <param name="Last">The last sequence number included in the snapshot.</param>
/// <param name="Count">The number of parts in the snapshot.</param>
public sealed record Parts(long Last, int Count)
{
    private ImmutableDictionary<int, ImmutableArray<ReceivedEntry>> Came { get; init; } = ImmutableDictionary<int, ImmutableArray<ReceivedEntry>>.Empty;

    public bool Whole => Came.Count == Count;

    public IEnumerable<ReceivedEntry> Received => Came.Values.SelectMany(part => part);

    /// <summary>Whether a chunk belongs to the same snapshot.</summary>
    public bool Fits(SnapshotChunk chunk) => chunk.Last == Last && chunk.Count == Count;

    public Parts Add(SnapshotChunk chunk, TimeSpan now) => Came.ContainsKey(chunk.Index) || chunk.Index < 0 || chunk.Index >= Count
        ? this
        : this with { Came = Came.Add(chunk.Index, [.. chunk.Entries.Select(o => new ReceivedEntry(o, now - o.Age))]) };
}
