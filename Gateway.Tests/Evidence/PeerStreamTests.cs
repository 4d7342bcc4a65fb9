using CsCheck;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class PeerStreamTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void An_unknown_sender_is_asked_for_a_snapshot_once_and_again_when_none_comes()
    {
        var (asked, first) = PeerStream.Unknown.Ask(Now);
        Assert.True(first);
        Assert.False(asked.Ask(Now + PeerStream.RetryInterval - TimeSpan.FromTicks(1)).Ask);
        Assert.True(asked.Ask(Now + PeerStream.RetryInterval).Ask);
        var known = asked.Take(new SnapshotChunk(0, 0, 1, []), Now);
        Assert.False(known.Ask(Now + PeerStream.RetryInterval).Ask);
    }

    [Fact]
    public void One_that_never_sends_a_snapshot_that_can_be_read_is_asked_at_growing_intervals()
    {
        var (stream, asked) = (PeerStream.Unknown, new List<double>());
        for (var now = TimeSpan.Zero; now < TimeSpan.FromMinutes(2); now += TimeSpan.FromMilliseconds(250))
        {
            (stream, var ask) = stream.Ask(now);
            asked.AddRange(ask ? [now.TotalSeconds] : []);
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 95], asked);
        Assert.True(stream.Reached().Ask(TimeSpan.FromMinutes(2)).Ask);
        var answered = stream.Take(new SnapshotChunk(0, 0, 1, []), TimeSpan.FromMinutes(2)).Take(7, TimeSpan.FromMinutes(2));
        (stream, _) = answered.Ask(TimeSpan.FromMinutes(2));
        Assert.True(stream.Ask(TimeSpan.FromMinutes(2) + PeerStream.RetryInterval).Ask);
    }

    [Fact]
    public void A_hole_is_seen_by_the_next_edge_or_the_next_beat_and_what_came_after_it_counts_all_the_same()
    {
        var known = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 1, []), Now);
        var torn = known.Take(new Edges(4, [Entry(1, 5, Cast.Sick)]), Now);
        Assert.Equal((false, 3), (torn.Known, torn.Last));
        Assert.Equal(Cast.Sick, torn.Entries[TestEndpoints.Id(1)].Entry.Observation);
        Assert.False(known.Take(4, Now).Known);
        Assert.True(known.Take(3, Now).Known);
    }

    [Fact]
    public void A_snapshot_ends_what_its_sender_no_longer_says_and_keeps_what_is_newer_than_it()
    {
        var stream = PeerStream.Unknown
            .Take(new Edges(0, [Entry(1, 1, Cast.Sick), Entry(2, 2, Cast.Good)]), Now)
            .Take(new Edges(5, [Entry(4, 6, Cast.Silent), Entry(3, 7, Cast.Good)]), Now)
            .Take(new SnapshotChunk(6, 0, 1, [Entry(2, 5, Cast.Sick)]), Now);
        Assert.Equal([TestEndpoints.Id(2), TestEndpoints.Id(3)], stream.Entries.Keys.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(Cast.Sick, stream.Entries[TestEndpoints.Id(2)].Entry.Observation);
        Assert.Equal((true, 6), (stream.Known, stream.Last));
    }

    [Fact]
    public void Half_a_snapshot_counts_for_nothing_and_a_newer_one_takes_its_place()
    {
        var half = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 2, [Entry(1, 1, Cast.Sick)]), Now);
        Assert.Empty(half.Entries);
        var newer = half.Take(new SnapshotChunk(4, 1, 2, [Entry(2, 4, Cast.Sick)]), Now).Take(new SnapshotChunk(3, 1, 2, []), Now);
        Assert.False(newer.Begun);
        var whole = newer.Take(new SnapshotChunk(4, 0, 2, [Entry(1, 1, Cast.Sick)]), Now);
        Assert.Equal((true, 4, 2), (whole.Known, whole.Last, whole.Entries.Count));
    }

    [Fact]
    public void A_part_whose_index_is_out_of_range_counts_for_nothing()
    {
        var half = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 2, [Entry(1, 1, Cast.Sick)]), Now);
        Assert.All((int[])[-1, 2, 3], index => Assert.False(half.Take(new SnapshotChunk(3, index, 2, [Entry(2, 2, Cast.Sick)]), Now).Begun));
        Assert.True(half.Take(new SnapshotChunk(3, 1, 2, [Entry(2, 2, Cast.Sick)]), Now).Begun);
    }

    [Fact]
    public void A_newer_entry_takes_the_place_of_an_older_one_in_whichever_order_they_arrive()
    {
        var (older, newer) = (new Edges(3, [Entry(1, 4, Cast.Good)]), new Edges(4, [Entry(1, 5, Cast.Sick)]));
        var known = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 1, [Entry(1, 3, Cast.Tripped)]), Now);
        Assert.Equal(Cast.Sick, known.Take(older, Now).Take(newer, Now).Entries[TestEndpoints.Id(1)].Entry.Observation);
        Assert.Equal(Cast.Sick, known.Take(newer, Now).Take(older, Now).Entries[TestEndpoints.Id(1)].Entry.Observation);
    }

    [Fact]
    public void Entries_from_before_the_snapshot_that_arrive_after_it_count_for_nothing()
    {
        var known = PeerStream.Unknown.Take(new SnapshotChunk(5, 0, 1, []), Now);
        Assert.Empty(known.Take(new Edges(3, [Entry(1, 4, Cast.Sick), Entry(2, 5, Cast.Sick)]), Now).Entries);
    }

    [Fact]
    public void A_snapshot_that_ends_where_the_stream_does_closes_a_hole_too()
    {
        var torn = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 1, []), Now)
            .Take(new Edges(4, [Entry(1, 5, Cast.Sick)]), Now)
            .Take(new Edges(3, [Entry(1, 4, Cast.Good), Entry(1, 5, Cast.Sick)]), Now);
        Assert.Equal((false, 5), (torn.Known, torn.Last));
        Assert.True(torn.Take(new SnapshotChunk(5, 0, 1, [Entry(1, 5, Cast.Sick)]), Now).Known);
    }

    [Fact]
    public void Entries_that_this_version_cannot_represent_leave_no_hole()
    {
        var known = PeerStream.Unknown.Take(new SnapshotChunk(3, 0, 1, []), Now).Take(new Edges(3, [Entry(1, 5, Cast.Sick)]) { Unknown = 2 }, Now);
        Assert.Equal((true, 6), (known.Known, known.Last));
        Assert.True(known.Take(new Edges(6, [Entry(1, 7, Cast.Good)]), Now).Known);
    }

    [Fact]
    public void The_age_that_was_sent_is_counted_back_from_when_it_came_first()
    {
        var entry = Entry(1, 1, Cast.Sick) with { Age = TimeSpan.FromSeconds(20) };
        var stream = PeerStream.Unknown.Take(new Edges(0, [entry]), Now);
        foreach (var told in (PeerStream[])[stream, stream.Take(new Edges(0, [entry]), Now + Now), PeerStream.Unknown.Take(new SnapshotChunk(1, 0, 1, [entry]), Now)])
        {
            Assert.Equal(Now - TimeSpan.FromSeconds(20), told.Entries[TestEndpoints.Id(1)].Since);
        }
    }

    [Theory]
    [InlineData(10, 12, 10)]
    [InlineData(10, 4, 4)] // The pause began before the sender was heard.
    public void A_pause_of_this_process_does_not_count_as_silence_of_the_sender(int pause, int passed, int heard)
    {
        var at = Now + TimeSpan.FromSeconds(passed);
        Assert.Equal(Now + TimeSpan.FromSeconds(heard), PeerStream.Unknown.Take(0, Now).OnPause(TimeSpan.FromSeconds(pause), at).Heard);
        Assert.Null(PeerStream.Unknown.OnPause(TimeSpan.FromSeconds(pause), at).Heard);
    }

    /// <summary>
    /// The law of the stream: whatever is lost, doubled or reordered, once the last beat and the resulting snapshot have arrived, the receiver has what the
    /// sender sees.
    /// </summary>
    [Fact]
    public void Neither_order_nor_duplicates_nor_losses_matter_in_the_end()
    {
        var act = Gen.Select(Gen.Int[0, 9], Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 1 << 20]);
        act.Array[1, 60].Sample(acts =>
        {
            Observation[] sights = [Cast.Silent, Cast.Good, Cast.Sick, Cast.Tripped];
            var (sender, receiver) = (OwnStream.Empty, PeerStream.Unknown);
            var way = new List<Func<PeerStream, PeerStream>>();
            foreach (var (kind, endpoint, observation, chance) in acts)
            {
                switch (kind)
                {
                    case < 4:
                        sender = sender.See(TestEndpoints.Id(endpoint), sights[observation], observation == 1 ? chance % 3 : 0, "", Now);
                        break;
                    case 4:
                        sender = sender.Forget(TestEndpoints.Id(endpoint));
                        break;
                    case 5:
                        (sender, var edges) = sender.Send(Now);
                        way.Add(stream => stream.Take(edges, Now));
                        break;
                    case 6:
                        (sender, _) = sender.Send(Now); // Lost.
                        break;
                    case 7:
                        (sender, var joined) = sender.Send(Now);
                        way.Add(stream => stream.Take(joined, Now));
                        way.AddRange(sender.Snapshot(Now).Select<SnapshotChunk, Func<PeerStream, PeerStream>>(chunk => stream => stream.Take(chunk, Now)));
                        break;
                    default:
                        if (way.Count > 0)
                        {
                            // Delivered in any order; every other message also stays in flight and arrives again.
                            var delivered = way[chance % way.Count];
                            receiver = delivered(receiver);
                            if (chance % 2 == 0)
                            {
                                way.Remove(delivered);
                            }
                        }

                        break;
                }
            }

            (sender, _) = sender.Send(Now);
            receiver = receiver.Take(sender.Last, Now);
            if (!receiver.Known)
            {
                receiver = sender.Snapshot(Now).Aggregate(receiver, (stream, chunk) => stream.Take(chunk, Now));
            }

            Assert.Equal((true, sender.Last), (receiver.Known, receiver.Last));
            Assert.Equal(Sum(sender), Sum(receiver));
            var late = way.Aggregate(receiver, (stream, deliver) => deliver(stream));
            Assert.Equal(Sum(receiver), Sum(late));
        });
    }

    private static EvidenceEntry Entry(int endpoint, long sequence, Observation observation) => new(TestEndpoints.Id(endpoint), sequence, observation);

    private static IEnumerable<(string, Observation, long, long)> Sum(OwnStream sender) => Sum(sender.Snapshot(Now).SelectMany(chunk => chunk.Entries));

    private static IEnumerable<(string, Observation, long, long)> Sum(PeerStream receiver) =>
        Sum(receiver.Entries.Values.Select(told => told.Entry).Where(o => o.Observation != default));

    private static IEnumerable<(string, Observation, long, long)> Sum(IEnumerable<EvidenceEntry> observations) =>
        observations.Select(o => (o.Endpoint.ToString(), o.Observation, o.Report, o.Verified)).OrderBy(o => o.Item1, StringComparer.Ordinal);
}
