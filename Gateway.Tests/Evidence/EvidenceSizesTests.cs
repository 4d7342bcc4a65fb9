using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Evidence;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

/// <summary>The parts of long sections fit into the messages that carry them.</summary>
public sealed class EvidenceSizesTests
{
    private static readonly WireSerializer Serializer = new(null!);

    [Fact]
    public void A_reload_that_removes_2000_endpoints_is_sent_in_pieces_that_leave_no_hole()
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
}
