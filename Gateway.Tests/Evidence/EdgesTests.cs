using System.Collections.Immutable;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

/// <summary>How a long section is split. Its entries here take 1 KiB each, so that 64 fill a message exactly.</summary>
public sealed class EdgesTests
{
    [Fact]
    public void Few_go_together()
    {
        var edges = new Edges(7, [new(TestEndpoints.Id(1), 8, Cast.Good)]);
        Assert.Equal(edges, Assert.Single(edges.Parts()) with { Entries = edges.Entries });
        Assert.Equal((7, 7), (Assert.Single(new Edges(7, []).Parts()).After, new Edges(7, ImmutableArray<EvidenceEntry>.Empty).Last));
    }

    [Fact]
    public void Each_part_is_filled_to_the_last_byte_and_the_next_one_joins_on()
    {
        var section = Section(129);
        Assert.Equal(SnapshotChunk.MaxBytes, 64 * section.Entries[0].MaxEncodedBytes);
        var parts = section.Parts().ToList();
        Assert.Equal([(7, 64), (71, 64), (135, 1)], parts.Select(part => ((int)part.After, part.Entries.Length)));
        Assert.Equal(section.Entries.AsEnumerable(), parts.SelectMany(part => part.Entries));
        Assert.Single(Section(64).Parts());
    }

    [Fact]
    public void An_entry_larger_than_a_part_goes_alone()
    {
        var large = new EvidenceEntry(TestEndpoints.Id(1, new string('p', SnapshotChunk.MaxBytes)), 8, Cast.Good);
        var parts = new Edges(7, [large, .. Section(2).Entries]).Parts();
        Assert.Equal([(7, 1), (8, 2)], parts.Select(part => ((int)part.After, part.Entries.Length)));
    }

    [Fact]
    public void The_last_part_counts_the_entries_that_this_version_cannot_represent()
    {
        var section = Section(65) with { Unknown = 3 };
        var parts = section.Parts().ToList();
        Assert.Equal([0, 3], parts.Select(part => part.Unknown));
        Assert.Equal((75, 75), (section.Last, parts[^1].Last));
    }

    /// <summary>A section after number 7.</summary>
    private static Edges Section(int count) =>
        new(7, [.. Enumerable.Range(1, count).Select(i => new EvidenceEntry(TestEndpoints.Id(1), 7 + i, Cast.Sick, Why: new string('x', 1024 - 72 - 7 - 20)))]);
}
