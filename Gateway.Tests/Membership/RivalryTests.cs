using CsCheck;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class RivalryTests
{
    private static readonly ClusterView Two = View("b:1", "b:1", "c:1");
    private static readonly HostPort A = new("a", 1);
    private static readonly HostPort D = new("d", 1);
    private static readonly ReplicaId NonMember = new("x:1", 9);
    private static readonly Rivalry Rivalry = new(TimeSpan.FromSeconds(5));

    private static ClusterReport Larger => ClusterReport.Of(View("a:1", "a:1", "d:1", "e:1"), NonMember);

    [Fact]
    public void The_smaller_cluster_yields()
    {
        Assert.True(Core.Membership.Rivalry.Yields(Two, ClusterReport.Of(View("a:1", "a:1", "d:1", "e:1"), NonMember)));
        Assert.False(Core.Membership.Rivalry.Yields(Two, ClusterReport.Of(View("a:1", "a:1"), NonMember)));
    }

    [Fact]
    public void Of_two_as_large_the_one_whose_oldest_sorts_higher_yields()
    {
        Assert.True(Core.Membership.Rivalry.Yields(Two, ClusterReport.Of(View("a:1", "a:1", "d:1"), NonMember)));
        Assert.False(Core.Membership.Rivalry.Yields(View("a:1", "a:1", "d:1"), ClusterReport.Of(Two, NonMember)));
    }

    [Fact]
    public void Those_that_cannot_be_heard_do_not_make_a_cluster_larger()
    {
        var alone = new ClusterView(Of("a:1").Id, [Of("a:1"), Of("b:1") with { Reachable = false }, Of("c:1") with { Reachable = false }], Of("a:1").Id);
        Assert.True(Core.Membership.Rivalry.Yields(alone, ClusterReport.Of(Two, NonMember)));
    }

    [Fact]
    public void Nobody_yields_to_a_cluster_that_it_is_a_member_of_or_to_none()
    {
        Assert.False(Core.Membership.Rivalry.Yields(Two, new(100, new("a:1", 1), KnowsReceiver: true)));
        Assert.False(Core.Membership.Rivalry.Yields(Two, ClusterReport.None));
    }

    [Fact]
    public void Nobody_yields_to_its_own_cluster_though_the_other_does_not_know_it_yet() =>
        Assert.False(Core.Membership.Rivalry.Yields(Two, ClusterReport.Of(Two, NonMember)));

    [Fact]
    public void A_lone_sidecar_yields_to_any_cluster()
    {
        var sidecar = Of("s:1") with { Sidecar = true };
        Assert.True(Core.Membership.Rivalry.Yields(new ClusterView(sidecar.Id, [sidecar]), ClusterReport.Of(View("z:1", "z:1"), NonMember)));
    }

    [Fact]
    public void It_takes_the_same_word_twice_from_the_same_replica()
    {
        var (once, yield) = Rivalry.Hear(A, Two, Larger, At(0));
        Assert.False(yield);
        Assert.False(once.Hear(D, Two, Larger, At(5)).Yield);
        Assert.True(once.Hear(A, Two, Larger, At(5)).Yield);
        Assert.False(once.Clear(A).Hear(A, Two, Larger, At(5)).Yield);
        var (cleared, yields) = once.Hear(A, Two, ClusterReport.None, At(2));
        Assert.False(yields);
        Assert.False(cleared.Hear(A, Two, Larger, At(5)).Yield);
    }

    [Fact]
    public void Reports_are_two_from_half_an_interval_apart_so_a_question_and_an_answer_of_the_same_moment_are_one()
    {
        var once = Rivalry.Hear(A, Two, Larger, At(0)).Next;
        Assert.False(once.Hear(A, Two, Larger, At(2.5) - TimeSpan.FromTicks(1)).Yield);
        Assert.True(once.Hear(A, Two, Larger, At(2.5)).Yield);
    }

    [Fact]
    public void A_suspicion_ends_when_nothing_more_is_heard_of_its_cause_for_two_and_a_half_intervals()
    {
        var once = Rivalry.Hear(A, Two, Larger, At(0)).Next;
        Assert.True(once.Hear(A, Two, Larger, At(12.5) - TimeSpan.FromTicks(1)).Yield);
        Assert.False(once.Hear(A, Two, Larger, At(12.5)).Yield);
        Assert.True(once.Hear(A, Two, Larger, At(12.5)).Next.Hear(A, Two, Larger, At(17.5)).Yield);
    }

    [Fact]
    public void Of_any_two_clusters_just_one_yields() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[0, 9], Gen.Int[10, 19], Gen.Bool).Sample((size1, size2, oldest1, oldest2, swap) =>
        {
            var one = Sized(swap ? oldest2 : oldest1, size1);
            var other = Sized(swap ? oldest1 : oldest2, size2);
            Assert.NotEqual(Core.Membership.Rivalry.Yields(one, ClusterReport.Of(other, NonMember)), Core.Membership.Rivalry.Yields(other, ClusterReport.Of(one, NonMember)));
        });

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static ClusterView Sized(int oldest, int size) =>
        View($"{oldest:00}:1", [$"{oldest:00}:1", .. Enumerable.Range(1, size - 1).Select(i => $"{oldest:00}-{i}:1")]);

    private static ClusterView View(string oldest, params string[] all) => new(new(oldest, 1), all.Select(Of), new ReplicaId(oldest, 1));

    private static Replica Of(string address) => new(new(address, 1), null, false, ReplicaStatus.Up, true, address);
}
