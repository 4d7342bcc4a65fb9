using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

/// <summary>The changes that replica <c>a</c> sees between two of its views.</summary>
public sealed class ViewChangeTests
{
    private static readonly Replica A = Of("a");
    private static readonly Replica B = Of("b");
    private static readonly Replica C = Of("c");
    private static readonly Replica D = Of("d");
    private static readonly Replica E = Of("e");

    [Theory]
    [InlineData(null, ReplicaStatus.Joining, null)]
    [InlineData(null, ReplicaStatus.Up, ViewChangeKind.Joined)]
    [InlineData(null, ReplicaStatus.WeaklyUp, ViewChangeKind.Joined)]
    [InlineData(ReplicaStatus.Joining, ReplicaStatus.Up, ViewChangeKind.Joined)]
    [InlineData(ReplicaStatus.Joining, null, null)]
    [InlineData(ReplicaStatus.WeaklyUp, ReplicaStatus.Up, null)]
    [InlineData(ReplicaStatus.Up, ReplicaStatus.Up, null)]
    [InlineData(ReplicaStatus.Up, null, ViewChangeKind.Left)]
    [InlineData(ReplicaStatus.WeaklyUp, null, ViewChangeKind.Left)]
    [InlineData(ReplicaStatus.Up, ReplicaStatus.Leaving, ViewChangeKind.Left)]
    [InlineData(ReplicaStatus.Up, ReplicaStatus.Down, ViewChangeKind.Left)]
    [InlineData(ReplicaStatus.Leaving, ReplicaStatus.Exiting, null)]
    [InlineData(ReplicaStatus.Exiting, null, null)]
    public void A_replica_joins_when_it_begins_to_take_part_and_leaves_when_it_ends(ReplicaStatus? before, ReplicaStatus? after, ViewChangeKind? change)
    {
        var (from, to) = (With(before), With(after));
        ViewChange[] changes = change is { } what ? [new(what == ViewChangeKind.Left ? from[0] : to[0], what)] : [];
        Assert.Equal(changes, ViewChange.Between(View(from), View(to)));

        static Replica[] With(ReplicaStatus? status) => status is { } known ? [B with { Status = known }] : [];
    }

    [Theory]
    [InlineData(true, false, ViewChangeKind.Unreachable)]
    [InlineData(false, true, ViewChangeKind.Reachable)]
    [InlineData(true, true, null)]
    [InlineData(false, false, null)]
    public void A_member_that_stays_becomes_unreachable_and_reachable_again(bool before, bool after, ViewChangeKind? change)
    {
        var (from, to) = (B with { Reachable = before }, B with { Reachable = after });
        ViewChange[] changes = change is { } what ? [new(to, what)] : [];
        Assert.Equal(changes, ViewChange.Between(View(from), View(to)));
    }

    [Fact]
    public void One_that_does_not_take_part_is_not_missed()
    {
        var joining = B with { Status = ReplicaStatus.Joining };
        Assert.Empty(ViewChange.Between(View(joining), View(joining with { Reachable = false })));
    }

    [Theory]
    [InlineData(ReplicaStatus.Joining, ReplicaStatus.Up)]
    [InlineData(ReplicaStatus.Up, ReplicaStatus.Leaving)]
    public void A_replica_does_not_report_itself(ReplicaStatus before, ReplicaStatus after) => Assert.Empty(ViewChange.Between(
        new ClusterView(A.Id, [A with { Status = before }, B]), new ClusterView(A.Id, [A with { Status = after }, B])));

    [Fact]
    public void Those_that_left_come_first_then_the_others_by_id()
    {
        var silent = D with { Reachable = false };
        Assert.Equal(
            [new(C, ViewChangeKind.Left), new(E, ViewChangeKind.Left), new(B, ViewChangeKind.Joined), new(silent, ViewChangeKind.Unreachable)],
            ViewChange.Between(View(E, D, C), View(silent, B)));
    }

    [Fact]
    public void One_that_comes_back_with_another_uid_has_left_and_joined()
    {
        var again = B with { Id = B.Id with { Uid = 2 } };
        Assert.Equal([new(B, ViewChangeKind.Left), new(again, ViewChangeKind.Joined)], ViewChange.Between(View(B), View(again)));
    }

    private static ClusterView View(params Replica[] others) => new(A.Id, [A, .. others]);

    private static Replica Of(string name) => new(new($"{name}:1", 1), null, false, ReplicaStatus.Up, true, name);
}
