using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

/// <summary>Looks at a pool of three endpoints, each after an interval unless a test says otherwise.</summary>
public sealed class StallRoundTests
{
    /// <summary>One look finds the waiting attempts, and four more make the second that is the least patience.</summary>
    private const int LeastLooks = 5;

    private readonly ImmutableArray<PoolMember> _members = [.. Enumerable.Range(1, 3).Select(Member)];
    private readonly Dictionary<EndpointId, TimeSpan> _tails = [];
    private StallRound _round = StallRound.Begin(TimeSpan.Zero);

    [Fact]
    public void A_stall_is_reported_when_it_begins_and_when_it_ends_and_not_in_between()
    {
        var lease = Wait(_members[1]);
        Assert.All(Enumerable.Range(1, LeastLooks - 1), _ => Assert.Empty(Look()));
        Assert.Equal(new StallChange(_members[1].Id, IsStalled: true), Assert.Single(Look()));
        Assert.Empty(Look());

        lease.Report(Outcome.Success);
        Assert.Equal(new StallChange(_members[1].Id, IsStalled: false), Assert.Single(Look()));
        Assert.Empty(Look());
        lease.Release();
    }

    [Fact]
    public void Only_endpoints_that_wait_or_are_stalled_are_watched()
    {
        Assert.Empty(Look());
        Assert.Empty(_round.Watches);
        var lease = Wait(_members[0]);
        Look(LeastLooks);
        Assert.Equal(_members[0].Endpoint, Assert.Single(_round.Watches).Key);

        lease.Report(Outcome.Ignored); // It waits no longer, and was not answered.
        lease.Release();
        Assert.Empty(Look());
        Assert.Single(_round.Watches);

        Answer(_members[0]);
        Assert.Single(Look());
        Assert.Empty(_round.Watches);
    }

    [Fact]
    public void Answers_from_before_the_first_look_do_not_count()
    {
        Answer(_members[0]);
        var lease = Wait(_members[0]);
        Assert.Empty(Look(LeastLooks - 1));
        Assert.Single(Look());
        lease.Release();
    }

    [Fact]
    public void The_patience_is_that_of_the_last_known_tail()
    {
        _tails[_members[0].Id] = TimeSpan.FromSeconds(1); // Thrice that is twelve intervals.
        var lease = Wait(_members[0]);
        Assert.Empty(Look());
        _tails.Clear();
        Assert.Empty(Look(11));
        Assert.Single(Look());
        lease.Release();
    }

    [Fact]
    public void A_newer_tail_replaces_the_last_one()
    {
        _tails[_members[0].Id] = TimeSpan.FromSeconds(10);
        var lease = Wait(_members[0]);
        Assert.Empty(Look());
        _tails[_members[0].Id] = TimeSpan.FromMilliseconds(1);
        Assert.Empty(Look(LeastLooks - 2));
        Assert.Single(Look());
        lease.Release();
    }

    [Fact]
    public void The_tail_of_the_moment_decides()
    {
        _tails[_members[0].Id] = TimeSpan.FromSeconds(10);
        var lease = Wait(_members[0]);
        Assert.Empty(Look(LeastLooks - 1));
        _tails[_members[0].Id] = TimeSpan.FromMilliseconds(1);
        Assert.Single(Look());
        lease.Release();
    }

    [Fact]
    public void The_last_known_tail_is_the_newest()
    {
        _tails[_members[0].Id] = TimeSpan.FromSeconds(10);
        var lease = Wait(_members[0]);
        Assert.Empty(Look());
        _tails[_members[0].Id] = TimeSpan.FromMilliseconds(1);
        Assert.Empty(Look());
        _tails.Clear();
        Assert.Empty(Look(LeastLooks - 3));
        Assert.Single(Look());
        lease.Release();
    }

    [Fact]
    public void The_tail_of_an_endpoint_at_rest_is_not_computed()
    {
        var (_, changes) = _round.Look(_members, id => throw new InvalidOperationException($"{id} is at rest"), StallWatch.Interval);
        Assert.Empty(changes);
    }

    [Fact]
    public void Time_counts_from_one_look_to_the_next_and_two_intervals_of_it_at_most()
    {
        _round = StallRound.Begin(TimeSpan.FromMinutes(1));
        var lease = Wait(_members[0]);
        Assert.Empty(LookAt(TimeSpan.FromMinutes(2)));
        Assert.Equal(TimeSpan.FromMinutes(2), _round.LookedAt);
        Assert.Empty(LookAt(TimeSpan.FromMinutes(3)));
        Assert.Single(LookAt(TimeSpan.FromMinutes(4)));
        lease.Release();
    }

    [Fact]
    public void An_endpoint_that_leaves_its_pool_is_forgotten()
    {
        var lease = Wait(_members[0]);
        Assert.Single(Look(LeastLooks));
        (_round, var changes) = _round.Look(_members.RemoveAt(0), TailOf, _round.LookedAt + StallWatch.Interval);
        Assert.Empty(changes);
        Assert.Empty(_round.Watches);
        lease.Release();
    }

    private static PoolMember Member(int number) =>
        new(new(new(TestEndpoints.Id(number), new() { Threshold = 1000 }, maxInFlight: 10)), new(TestEndpoints.Address(number)));

    private static Lease Wait(PoolMember member)
    {
        Assert.Equal(Admission.Granted, member.Cell.TryLease(out var lease));
        return lease;
    }

    private static void Answer(PoolMember member)
    {
        var lease = Wait(member);
        lease.Report(Outcome.Success);
        lease.Release();
    }

    private TimeSpan? TailOf(EndpointId endpoint) => _tails.TryGetValue(endpoint, out var tail) ? tail : null;

    /// <summary>Looks several times; returns all changes.</summary>
    private List<StallChange> Look(int times = 1) =>
        [.. Enumerable.Range(0, times).SelectMany(_ => LookAt(_round.LookedAt + StallWatch.Interval))];

    private ImmutableArray<StallChange> LookAt(TimeSpan ran)
    {
        (_round, var changes) = _round.Look(_members, TailOf, ran);
        return changes;
    }
}
