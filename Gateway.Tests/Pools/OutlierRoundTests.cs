using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;
using Gateway.Core.Outcomes;
using Gateway.Core.Outliers;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

/// <summary>Intervals of a pool of ten endpoints with a hundred requests at each; which fail is up to the test.</summary>
public sealed class OutlierRoundTests
{
    private const int Requests = 100;
    private readonly ImmutableArray<PoolMember> _members = [.. Enumerable.Range(1, 10).Select(Member)];

    [Fact]
    public void The_counts_from_before_the_first_interval_do_not_count()
    {
        Serve(_members, failing: 1);
        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        Serve(_members);
        Assert.Empty(round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Judgements);
    }

    [Fact]
    public void An_endpoint_that_fails_more_than_the_others_is_to_be_ejected_and_judged_anew_in_the_next_interval()
    {
        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        Serve(_members, failing: 3);
        (round, var judgements) = round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero);
        var judgement = Assert.Single(judgements);
        Assert.Equal((_members[2].Id, true), (judgement.Endpoint, judgement.IsEjected));
        Assert.NotNull(judgement.Why);
        Serve(_members);
        Assert.Empty(round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Judgements);
    }

    [Fact]
    public void Beyond_the_cap_it_is_reported_and_not_ejected()
    {
        var policy = OutlierPolicy.Default with { MaxEjectionPercent = 10 };
        ImmutableArray<PoolMember> members = [.. _members.Take(9), _members[9] with { Settings = _members[9].Settings with { Draining = true } }];
        var round = OutlierRound.Begin(members, TimeSpan.Zero);
        Serve(members, failing: 1);
        var judgement = Assert.Single(round.Judge(members, policy, TimeSpan.Zero).Judgements);
        Assert.Equal((members[0].Id, false), (judgement.Endpoint, judgement.IsEjected));
    }

    [Fact]
    public void After_a_long_pause_of_the_process_an_interval_is_not_judged()
    {
        var second = TimeSpan.FromSeconds(1);
        var round = OutlierRound.Begin(_members, lost: second);
        Serve(_members, failing: 1);
        (round, var judgements) = round.Judge(_members, OutlierPolicy.Default, lost: 2 * second);
        Assert.Empty(judgements);
        Serve(_members, failing: 1);
        Assert.Single(round.Judge(_members, OutlierPolicy.Default, lost: (3 * second) - TimeSpan.FromTicks(1)).Judgements);
    }

    [Fact]
    public void A_record_improves_only_in_an_interval_spent_in_rotation_as_a_whole()
    {
        var endpoint = _members[0].Endpoint;
        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        Serve(_members, failing: 1);
        round = round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Next;
        endpoint.Status = endpoint.Status with { Outlier = new(Until: null, Times: 1, "failed") };
        (round, var returned) = round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero);
        Assert.Empty(returned);
        Assert.Equal(new OutlierJudgement(endpoint.Id, null, IsEjected: false), Assert.Single(round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Judgements));
    }

    [Fact]
    public void An_endpoint_that_is_an_outlier_again_does_not_improve_and_the_others_do()
    {
        foreach (var member in _members.Take(2))
        {
            member.Endpoint.Status = member.Endpoint.Status with { Outlier = new(Until: null, Times: 1, "failed") };
        }

        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        Serve(_members, failing: 1);
        var judgements = round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Judgements;
        Assert.Equal([(_members[0].Id, true), (_members[1].Id, false)], judgements.Select(judgement => (judgement.Endpoint, judgement.Why is not null)));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(10, false)]
    public void Of_two_outliers_the_worse_is_ejected_first_and_the_other_as_far_as_the_cap_allows(int percent, bool both)
    {
        var members = Twelve();
        Assert.Equal([(members[2].Id, true), (members[0].Id, both)], JudgeTwoOutliers(members, percent));
    }

    [Fact]
    public void An_outlier_that_the_cap_keeps_in_rotation_takes_no_room_from_the_next()
    {
        // The second endpoint was an outlier before and is kept in rotation. Outliers in rotation have the room, for one, in the order of the pool.
        var members = Twelve();
        members[1].Endpoint.Status = members[1].Endpoint.Status with { Decision = new(DecisionKind.Ejected, DecisionReason.Outlier, []) };
        Assert.Equal([(members[2].Id, false), (members[0].Id, true)], JudgeTwoOutliers(members, percent: 10));
    }

    [Fact]
    public void An_ejected_endpoint_is_neither_judged_nor_compared_with()
    {
        var endpoint = _members[0].Endpoint;
        endpoint.Status = endpoint.Status with { Decision = new(DecisionKind.Ejected, DecisionReason.OwnProbe, []) };
        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        Serve(_members, failing: 1);
        Assert.Empty(round.Judge(_members, OutlierPolicy.Default, TimeSpan.Zero).Judgements);
    }

    [Fact]
    public void An_endpoint_that_left_and_came_back_begins_without_counts()
    {
        Serve(_members, failing: 1);
        var round = OutlierRound.Begin(_members, TimeSpan.Zero);
        var members = _members.SetItem(0, Member(1));
        Serve(members, failing: 1);
        (round, var judgements) = round.Judge(members, OutlierPolicy.Default, TimeSpan.Zero);
        Assert.Empty(judgements);
        Serve(members, failing: 1);
        Assert.Equal(members[0].Id, Assert.Single(round.Judge(members, OutlierPolicy.Default, TimeSpan.Zero).Judgements).Endpoint);
    }

    /// <summary>The judgements of an interval in which 50 % of the third endpoint's requests succeed and 52.6 % of the first's.</summary>
    private static IEnumerable<(EndpointId Endpoint, bool IsEjected)> JudgeTwoOutliers(ImmutableArray<PoolMember> members, int percent)
    {
        var round = OutlierRound.Begin(members, TimeSpan.Zero);
        Serve(members);
        Fail(members[2], 100);
        Fail(members[0], 90);
        var (_, judgements) = round.Judge(members, OutlierPolicy.Default with { MaxEjectionPercent = percent }, TimeSpan.Zero);
        return judgements.Select(judgement => (judgement.Endpoint, judgement.IsEjected));
    }

    private static ImmutableArray<PoolMember> Twelve() => [.. Enumerable.Range(1, 12).Select(Member)];

    private static PoolMember Member(int number) =>
        new(new(new(TestEndpoints.Id(number), new() { Threshold = 1000 }, maxInFlight: 10)), new(TestEndpoints.Address(number)));

    private static void Serve(ImmutableArray<PoolMember> members, int failing = 0)
    {
        for (var number = 1; number <= members.Length; number++)
        {
            for (var request = 0; request < Requests; request++)
            {
                Report(members[number - 1], number == failing && request % 2 == 0 ? Outcome.Failure : Outcome.Success);
            }
        }
    }

    private static void Fail(PoolMember member, int requests)
    {
        for (var request = 0; request < requests; request++)
        {
            Report(member, Outcome.Failure);
        }
    }

    private static void Report(PoolMember member, Outcome outcome)
    {
        member.Cell.TryLease(out var lease, LeaseOptions.Panic);
        lease.Report(outcome);
        lease.Release();
    }
}
