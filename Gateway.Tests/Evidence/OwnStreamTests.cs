using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class OwnStreamTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void Entries_are_numbered_without_holes_and_unsent_changes_of_one_endpoint_become_one()
    {
        var stream = OwnStream.Empty
            .See(TestEndpoints.Id(1), Cast.Good, 0, "probe passed", Now)
            .See(TestEndpoints.Id(2), Cast.Good, 0, "probe passed", Now)
            .See(TestEndpoints.Id(1), Cast.Sick, 0, "refused", Now);
        var (sent, edges) = stream.Send(Now);
        Assert.Equal((0, 2, 2), (edges.After, edges.Last, sent.Last));
        Assert.Equal([(TestEndpoints.Id(1), 1, Cast.Sick), (TestEndpoints.Id(2), 2, Cast.Good)], edges.Entries.Select(o => (o.Endpoint, (int)o.Sequence, o.Observation)));
        Assert.False(sent.HasUnsent);
    }

    [Fact]
    public void Seeing_the_same_again_is_sent_to_nobody()
    {
        var (sent, _) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).Send(Now);
        Assert.Same(sent, sent.See(TestEndpoints.Id(1), Cast.Good, 0, "again", Now + Now));
        Assert.Same(OwnStream.Empty, OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Silent, 0, "", Now));
    }

    [Fact]
    public void A_verifying_probe_is_sent_although_it_confirms_everything_and_does_not_make_the_evidence_younger()
    {
        var (sent, _) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).Send(Now);
        var (_, edges) = sent.See(TestEndpoints.Id(1), Cast.Good, 1, "", Now + Now).Send(Now + Now);
        Assert.Equal((2, 1, Now), (edges.Last, edges.Entries[0].Verified, edges.Entries[0].Age));
    }

    [Fact]
    public void Each_bad_news_is_a_report_of_its_own_and_half_opening_or_withdrawing_is_none()
    {
        var stream = OwnStream.Empty;
        List<long> reports = [];
        foreach (var observation in (Observation[])
        [
            Cast.Tripped,
            Cast.Tripped with { Breaker = Core.Breaking.BreakerPhase.HalfOpen },
            Cast.Tripped,
            Cast.Tripped with { Verdict = Core.Health.Verdict.Unhealthy },
            Cast.Sick,
            Cast.Silent,
            Cast.Sick,
        ])
        {
            (stream, var edges) = stream.See(TestEndpoints.Id(1), observation, 0, "", Now).Send(Now);
            reports.Add(edges.Entries[0].Report);
        }

        Assert.Equal([1, 1, 3, 4, 4, 4, 7], reports);
    }

    [Fact]
    public void A_breaker_that_only_confirms_reports_of_others_is_sent_and_is_not_a_report()
    {
        var (stream, first) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Tripped, 0, "", Now).Send(Now);
        (stream, _) = stream.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).Send(Now);
        (stream, var confirmed) = stream.See(TestEndpoints.Id(1), Cast.Tripped, 0, "", Now, confirms: true).Send(Now);
        var (_, news) = stream.See(TestEndpoints.Id(1), Cast.Sick with { Breaker = Core.Breaking.BreakerPhase.Open }, 0, "", Now).Send(Now);
        Assert.Equal((1, 0, 4), (first.Entries[0].Report, confirmed.Entries[0].Report, news.Entries[0].Report));
        Assert.Equal(Opinion.Bad, confirmed.Entries[0].Observation.Opinion);
    }

    [Fact]
    public void Bad_news_that_has_been_sent_is_not_taken_back_by_its_confirmation()
    {
        var (stream, _) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Send(Now);
        var (_, edges) = stream.See(TestEndpoints.Id(1), Cast.Sick with { Breaker = Core.Breaking.BreakerPhase.Open }, 0, "", Now, confirms: true).Send(Now);
        Assert.Equal(1, edges.Entries[0].Report);
    }

    [Fact]
    public void Only_bad_news_that_confirms_takes_back_the_number_of_the_last_report()
    {
        var (stream, _) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Send(Now);
        (stream, _) = stream.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).Send(Now);
        var (_, silent) = stream.See(TestEndpoints.Id(1), Cast.Silent, 0, "", Now, confirms: true).Send(Now);
        var (_, sick) = stream.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now, confirms: true).Send(Now);
        Assert.Equal((1, 0), (silent.Entries[0].Report, sick.Entries[0].Report));
    }

    [Fact]
    public void Bad_news_that_is_over_before_it_is_sent_still_counts_when_it_is_bad_again()
    {
        var (stream, first) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Send(Now);
        var (_, edges) = stream.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Send(Now);
        Assert.Equal((1, 2), (first.Entries[0].Report, edges.Entries[0].Report));
    }

    [Fact]
    public void An_endpoint_that_is_gone_is_reported_gone_once_and_is_in_no_snapshot()
    {
        var (stream, _) = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Send(Now);
        var (gone, edges) = stream.Forget(TestEndpoints.Id(1)).Send(Now);
        Assert.Equal((2, Opinion.None, 1), (edges.Entries[0].Sequence, edges.Entries[0].Observation.Opinion, edges.Entries[0].Report));
        Assert.Empty(Assert.Single(gone.Snapshot(Now)).Entries);
        Assert.Same(gone, gone.Forget(TestEndpoints.Id(1)));
    }

    [Fact]
    public void Bad_news_of_an_endpoint_that_goes_before_it_is_sent_is_not_a_report_when_the_endpoint_comes_back()
    {
        var stream = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "", Now).Forget(TestEndpoints.Id(1));
        Assert.Equal(0, stream.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).Send(Now).Edges.Entries[0].Report);
    }

    [Fact]
    public void The_evidence_on_an_endpoint_can_be_read_before_it_is_sent_and_until_the_endpoint_is_gone()
    {
        var stream = OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, "refused", Now);
        var (entry, since) = stream.About(TestEndpoints.Id(1))!;
        Assert.Equal((Cast.Sick, "refused", Now), (entry.Observation, entry.Why, since));
        Assert.Null(stream.About(TestEndpoints.Id(2)));
        Assert.Null(stream.Forget(TestEndpoints.Id(1)).About(TestEndpoints.Id(1)));
    }

    [Fact]
    public void A_snapshot_comes_in_parts_that_fit_a_frame_and_leaves_silence_out()
    {
        var stream = OwnStream.Empty;
        for (var i = 0; i < 2000; i++)
        {
            stream = stream.See(new("default", TestEndpoints.Address($"http://10.0.{i / 200}.{1 + (i % 200)}:80")), Cast.Good, 0, "probe passed", Now);
        }

        var (sent, _) = stream.See(TestEndpoints.Id(1), Cast.Good, 0, "", Now).See(TestEndpoints.Id(1), Cast.Silent, 0, "", Now).Send(Now);
        var parts = sent.Snapshot(Now);
        Assert.InRange(parts.Length, 3, 6);
        Assert.Equal(2000, parts.Sum(part => part.Entries.Length));
        Assert.All(parts, part => Assert.Equal((sent.Last, parts.Length), (part.Last, part.Count)));
    }

    [Theory]
    [InlineData(512, 1)]
    [InlineData(513, 2)]
    public void Each_part_of_a_snapshot_is_filled_to_the_last_byte(int count, int parts)
    {
        var stream = Enumerable.Range(1, count).Aggregate(OwnStream.Empty, static (stream, number) =>
            stream.See(TestEndpoints.Id(1, $"p{number:D6}"), Cast.Sick, 0, new string('x', 128 - 72 - 7 - 20), Now));
        var (sent, edges) = stream.Send(Now);
        Assert.All(edges.Entries, entry => Assert.Equal(SnapshotChunk.MaxBytes / 512, entry.MaxEncodedBytes));
        Assert.Equal((parts, count), (sent.Snapshot(Now).Length, sent.Snapshot(Now).Sum(part => part.Entries.Length)));
    }

    [Fact]
    public void Long_reasons_are_cut() =>
        Assert.Equal(
            EvidenceEntry.MaxWhy,
            OwnStream.Empty.See(TestEndpoints.Id(1), Cast.Sick, 0, new string('x', 1000), Now).Send(Now).Edges.Entries[0].Why.Length);
}
