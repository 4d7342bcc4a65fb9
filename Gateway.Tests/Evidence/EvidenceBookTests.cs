using CsCheck;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Tests.Evidence;

public sealed class EvidenceBookTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly ClusterView Three = Cast.View(Cast.Replica(2), Cast.Replica(3, "b"));

    [Fact]
    public void Members_that_come_up_are_asked_for_a_snapshot_and_the_book_is_complete_when_each_has_sent_it()
    {
        var step = EvidenceBook.Open(Three, Now);
        Assert.Equal([Cast.Id(2), Cast.Id(3)], step.Ask.AsEnumerable());
        Assert.False(step.Book.Complete);
        var book = step.Book.OnChunk(Cast.Id(2), new(0, 0, 1, []), Now).Book.OnChunk(Cast.Id(3), new(0, 0, 1, []), Now).Book;
        Assert.True(book.Complete);
        Assert.Equal([Cast.Id(4)], book.OnView(Cast.View(Cast.Replica(2), Cast.Replica(3, "b"), Cast.Replica(4)), Now).Ask.AsEnumerable());
    }

    [Fact]
    public void A_lone_replicas_book_is_complete_and_probing_is_its_own()
    {
        var book = EvidenceBook.Open(ClusterView.Alone(Cast.Replica(1)), Now).Book;
        Assert.True(book.Complete);
        Assert.Equal(EndpointEvidence.Alone, book.About(TestEndpoints.Id(1)));
    }

    [Fact]
    public void A_member_that_cannot_be_reached_is_waited_for_by_nobody() =>
        Assert.True(EvidenceBook.Open(Cast.View(Cast.Replica(2, reachable: false)), Now).Book.Complete);

    [Fact]
    public void The_opinion_of_a_member_has_its_name_its_zone_and_its_beginning()
    {
        var book = Heard(Cast.Id(3), Cast.Sick);
        var peer = Assert.Single(book.About(TestEndpoints.Id(1)).PeerObservations);
        Assert.Equal((Cast.Id(3), "r3", false, Opinion.Bad, Now), (peer.Observer, peer.Name, peer.InMyZone, peer.Opinion, peer.Since));
        Assert.True(Assert.Single(Heard(Cast.Id(2), Cast.Sick).About(TestEndpoints.Id(1)).PeerObservations).InMyZone);
    }

    [Fact]
    public void After_three_seconds_without_a_beat_it_is_as_if_absent_and_a_beat_brings_it_back()
    {
        var book = Heard(Cast.Id(2), Cast.Sick);
        var almost = book.OnTime(Now + EvidenceBook.FreshFor - TimeSpan.FromTicks(1));
        Assert.Empty(almost.Touched);
        var stale = almost.Book.OnTime(Now + EvidenceBook.FreshFor);
        Assert.Equal([TestEndpoints.Id(1)], stale.Touched);
        Assert.Empty(stale.Book.About(TestEndpoints.Id(1)).PeerObservations);
        var back = stale.Book.OnBeat(Cast.Id(2), 1, Now + EvidenceBook.FreshFor);
        Assert.Equal([TestEndpoints.Id(1)], back.Touched);
        Assert.Single(back.Book.About(TestEndpoints.Id(1)).PeerObservations);
    }

    [Fact]
    public void An_unreachable_member_is_stale_at_once()
    {
        var step = Heard(Cast.Id(2), Cast.Sick).OnView(Cast.View(Cast.Replica(2, reachable: false), Cast.Replica(3, "b")), Now);
        Assert.Equal([TestEndpoints.Id(1)], step.Touched);
        Assert.Empty(step.Book.About(TestEndpoints.Id(1)).PeerObservations);
    }

    [Fact]
    public void The_evidence_of_a_member_goes_with_it_and_its_next_life_begins_with_none()
    {
        var step = Heard(Cast.Id(2), Cast.Sick).OnView(Cast.View(Cast.Replica(2, uid: 2), Cast.Replica(3, "b")), Now);
        Assert.Equal([TestEndpoints.Id(1)], step.Touched);
        Assert.Contains(Cast.Id(2, uid: 2), step.Ask);
        Assert.DoesNotContain(Cast.Id(2), step.Book.Streams.Keys);
        Assert.Empty(step.Book.About(TestEndpoints.Id(1)).PeerObservations);
    }

    [Fact]
    public void A_sender_that_is_not_a_member_is_ignored()
    {
        var book = EvidenceBook.Open(Three, Now).Book;
        foreach (var stranger in (ReplicaId[])[Cast.Id(9), Cast.Id(2, uid: 2), Cast.Id(1)])
        {
            foreach (var step in (BookStep[])[book.OnEdges(stranger, new(0, [Entry(1, 1, Cast.Sick)]), Now), book.OnChunk(stranger, new(1, 0, 1, [Entry(1, 1, Cast.Sick)]), Now)])
            {
                Assert.Same(book, step.Book);
                Assert.Empty(step.Touched);
                Assert.Empty(step.Ask);
            }
        }
    }

    [Fact]
    public void An_edge_touches_its_endpoints_alone_and_a_hole_asks_its_sender()
    {
        var book = EvidenceBook.Open(Three, Now).Book.OnChunk(Cast.Id(2), new(0, 0, 1, []), Now).Book;
        var step = book.OnEdges(Cast.Id(2), new(0, [Entry(1, 1, Cast.Sick)]), Now);
        Assert.Equal([TestEndpoints.Id(1)], step.Touched);
        Assert.Empty(step.Ask);
        Assert.Equal([Cast.Id(2)], step.Book.OnBeat(Cast.Id(2), 5, Now).Ask.AsEnumerable());
    }

    [Fact]
    public void A_snapshot_touches_what_it_names_and_what_it_drops_once_it_is_whole()
    {
        var half = Heard(Cast.Id(2), Cast.Sick).OnChunk(Cast.Id(2), new(3, 0, 2, [Entry(2, 2, Cast.Good)]), Now);
        Assert.Empty(half.Touched);
        var whole = half.Book.OnChunk(Cast.Id(2), new(3, 1, 2, [Entry(3, 3, Cast.Good)]), Now);
        Assert.Equal([1, 2, 3], whole.Touched.Select(endpoint => TestEndpoints.NumberOf(endpoint.Address)).Order());
    }

    [Fact]
    public void The_sender_heard_longest_ago_is_the_next_to_become_stale()
    {
        var second = TimeSpan.FromSeconds(1);
        var book = EvidenceBook.Open(Three, Now).Book;
        Assert.Null(book.StaleFrom);
        book = book.OnBeat(Cast.Id(2), 0, Now).Book.OnBeat(Cast.Id(3), 0, Now + second).Book;
        Assert.Equal(Now + EvidenceBook.FreshFor, book.StaleFrom);
        Assert.Equal(Now + second + EvidenceBook.FreshFor, book.OnBeat(Cast.Id(2), 0, Now + second + second).Book.StaleFrom);
    }

    [Fact]
    public void A_pause_of_this_process_makes_no_sender_stale()
    {
        var pause = TimeSpan.FromSeconds(20);
        var resumed = Heard(Cast.Id(2), Cast.Sick).OnPause(pause, Now + pause);
        Assert.Single(resumed.OnTime(Now + pause + EvidenceBook.FreshFor - TimeSpan.FromTicks(1)).Book.Fresh);
        Assert.Empty(resumed.OnTime(Now + pause + EvidenceBook.FreshFor).Book.Fresh);
    }

    [Fact]
    public void A_member_that_is_reachable_again_is_asked_at_once_and_no_other()
    {
        var unreachable = EvidenceBook.Open(Three, Now).Book.OnView(Cast.View(Cast.Replica(2, reachable: false), Cast.Replica(3, "b")), Now);
        Assert.Empty(unreachable.Ask);
        Assert.Equal([Cast.Id(2)], unreachable.Book.OnView(Three, Now).Ask.AsEnumerable());
    }

    [Fact]
    public void A_sidecar_is_heard_by_nobody_and_hears_all()
    {
        var book = EvidenceBook.Open(Cast.View(Cast.Replica(2, sidecar: true)), Now).Book;
        Assert.Empty(book.Streams);
        var sidecars = EvidenceBook.Open(Cast.ViewOf(Cast.Replica(1, sidecar: true), Cast.Replica(2)), Now).Book;
        Assert.Equal([Cast.Id(2)], sidecars.Streams.Keys);
        Assert.False(sidecars.About(TestEndpoints.Id(1)).Owner);
    }

    /// <summary>Two receivers of the same messages in different order, some of them twice, have the same result for every endpoint.</summary>
    [Fact]
    public void Order_and_duplicates_do_not_matter()
    {
        var message = Gen.Select(Gen.Int[2, 3], Gen.Int[1, 3], Gen.Int[1, 20], Gen.Int[0, 3]);
        Gen.Select(message.Array[1, 30], Gen.Int).Sample((messages, seed) =>
        {
            // A sequence number of a sender is one observation, however often it is sent.
            var distinct = messages.DistinctBy(m => (m.Item1, m.Item3)).ToArray();
            Observation[] sights = [Cast.Silent, Cast.Good, Cast.Sick, Cast.Tripped];
            EvidenceBook Tell(IEnumerable<(int From, int Endpoint, int Sequence, int Observation)> order) => order.Aggregate(
                EvidenceBook.Open(Three, Now).Book,
                (book, m) => book.OnEdges(Cast.Id(m.From), new(m.Sequence - 1, [Entry(m.Endpoint, m.Sequence, sights[m.Observation])]), Now).Book);
            var shuffled = distinct.Concat(distinct).ToArray();
            new Random(seed).Shuffle(shuffled);
            var (straight, mixed) = (Tell(distinct.OrderBy(m => m.Item3)), Tell(shuffled));
            Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(straight.About(TestEndpoints.Id(i)), mixed.About(TestEndpoints.Id(i))));
        });
    }

    private static EvidenceBook Heard(ReplicaId from, Observation observation) => EvidenceBook.Open(Three, Now).Book
        .OnChunk(from, new(1, 0, 1, [Entry(1, 1, observation)]), Now).Book;

    private static EvidenceEntry Entry(int endpoint, long sequence, Observation observation) => new(TestEndpoints.Id(endpoint), sequence, observation);
}
