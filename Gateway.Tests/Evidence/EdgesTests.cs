using System.Collections.Immutable;
using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Evidence;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class EdgesTests
{
    private static readonly WireSerializer Serializer = new(null!);

    [Fact]
    public void A_reload_that_removes_2000_endpoints_is_told_in_pieces_that_leave_no_hole()
    {
        var stream = Enumerable.Range(1, 2000).Aggregate(OwnStream.Empty, static (stream, number) =>
            stream.See(TestEndpoints.Id(number), Cast.Sick, 0, new string('é', EvidenceEntry.MaxWhy), TimeSpan.FromDays(100)));
        (stream, var seen) = stream.Send(TimeSpan.FromDays(200));
        var (gone, removed) = Enumerable.Range(1, 2000).Aggregate(stream, static (s, number) => s.Forget(TestEndpoints.Id(number))).Send(TimeSpan.FromDays(200));
        var receiver = PeerStream.Unknown.Take(new SnapshotChunk(0, 0, 1, []), default);
        foreach (var edges in new[] { seen, removed })
        {
            var parts = edges.Parts().ToList();
            Assert.InRange(parts.Count, 2, 100);
            Assert.Equal(edges.Entries.AsEnumerable(), parts.SelectMany(part => part.Entries));
            foreach (var part in parts)
            {
                Assert.InRange(Serializer.ToBinary(new EvidenceSent(part)).Length, 1, SnapshotChunk.MaxBytes + 64);
                receiver = receiver.Take(part, default);
                Assert.True(receiver.Known);
            }
        }

        Assert.Equal(gone.Last, receiver.Last);
        Assert.All(receiver.Entries.Values, told => Assert.Equal(default, told.Entry.Observation));
    }

    [Fact]
    public void Few_go_together()
    {
        var edges = new Edges(7, [new(TestEndpoints.Id(1), 8, Cast.Good)]);
        Assert.Equal(edges, Assert.Single(edges.Parts()) with { Entries = edges.Entries });
        Assert.Equal((7, 7), (Assert.Single(new Edges(7, []).Parts()).After, new Edges(7, ImmutableArray<EvidenceEntry>.Empty).Last));
    }
}
