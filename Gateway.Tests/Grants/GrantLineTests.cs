using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Grants;

public sealed class GrantLineTests
{
    private static readonly ReplicaId A = new("a:1", 1);
    private static readonly ReplicaId B = new("b:1", 1);
    private static readonly ReplicaId C = new("c:1", 1);

    private GrantLine _line = GrantLine.Empty;
    private TimeSpan _now = TimeSpan.FromMinutes(5);

    [Fact]
    public void The_first_to_ask_is_given_the_grant_and_the_others_wait()
    {
        Assert.Equal([new GrantEffect.Give(A, 1)], Ask(A));
        Assert.Equal([new GrantEffect.Queue(B, 1)], Ask(B));
        Assert.Equal([new GrantEffect.Queue(C, 1)], Ask(C));
        Assert.Equal(A, _line.Holder?.Replica);
    }

    [Theory]
    [InlineData(GrantEnd.Returned)]
    [InlineData(GrantEnd.Failed)]
    public void Waiting_replicas_get_the_grant_in_turn(GrantEnd end)
    {
        Ask(A);
        Ask(B);
        Ask(C);
        Assert.Equal([new GrantEffect.Give(B, 1)], End(A, end));
        Assert.Equal([new GrantEffect.Give(C, 1)], End(B, end));
        Assert.Empty(End(C, end));
        Assert.True(_line.IsIdle);
    }

    [Fact]
    public void The_last_failed_holder_is_the_last_even_if_it_asks_before_others()
    {
        Ask(A);
        Ask(B);
        End(A, GrantEnd.Failed);
        Ask(A, 2);
        Ask(C);
        Assert.Equal([new GrantEffect.Give(C, 1)], End(B, GrantEnd.Failed));
        Assert.Equal([new GrantEffect.Give(A, 2)], End(C, GrantEnd.Failed));
    }

    [Fact]
    public void A_success_leaves_nobody_waiting()
    {
        Ask(A);
        Ask(B);
        Assert.Empty(End(A, GrantEnd.Succeeded));
        Assert.True(_line.IsIdle);
    }

    [Fact]
    public void Unused_it_expires_and_the_next_has_it()
    {
        Ask(A);
        Ask(B);
        Assert.Empty(Pass(1.4));
        Assert.Equal([new GrantEffect.Expired(A), new GrantEffect.Give(B, 1)], Pass(0.1));
    }

    [Fact]
    public void In_use_it_lasts_as_long_as_the_trial_may_take_and_each_further_trial_begins_that_anew()
    {
        Ask(A);
        Pass(1);
        Use(A);
        Assert.Empty(Pass(30));
        Use(A);
        Assert.Empty(Pass(30.4));
        Assert.Equal([new GrantEffect.Expired(A)], Pass(0.1));
    }

    [Fact]
    public void Of_a_holder_that_is_out_of_reach_it_goes_to_the_next_at_once()
    {
        Ask(A);
        Ask(B);
        Ask(C);
        Use(A);
        Assert.Equal([new GrantEffect.Expired(A), new GrantEffect.Give(C, 1)], Take(_line.OnReachable(new HashSet<ReplicaId> { C }, _now)));
        Assert.Empty(_line.Waiting);
    }

    [Fact]
    public void Messages_about_another_ticket_change_nothing()
    {
        Ask(A, 2);
        Ask(B, 2);
        var before = _line;
        Assert.Empty(Take(_line.OnEnd(A, 1, GrantEnd.Succeeded, _now)));
        Assert.Empty(Take(_line.OnEnd(B, 1, GrantEnd.Returned, _now)));
        Use(A);
        Assert.Equal((before.Holder, before.Waiting.Length), (_line.Holder, _line.Waiting.Length));
    }

    [Fact]
    public void Asking_again_keeps_the_place_and_is_answered_again()
    {
        Ask(A);
        Ask(B);
        Ask(C);
        Assert.Equal([new GrantEffect.Queue(B, 1)], Ask(B));
        Assert.Equal([new GrantEffect.Give(A, 1)], Ask(A));
        Assert.Equal([new GrantEffect.Give(B, 1)], End(A, GrantEnd.Failed));
        Assert.Equal([new GrantEffect.Give(C, 1)], End(B, GrantEnd.Failed));
        Assert.Empty(End(C, GrantEnd.Failed));
    }

    [Fact]
    public void A_waiting_replica_that_asks_with_a_new_ticket_keeps_its_place_and_gets_the_grant_by_that_ticket()
    {
        Ask(A);
        Ask(B);
        Ask(C);
        Assert.Equal([new GrantEffect.Queue(B, 2)], Ask(B, 2));
        Assert.Equal([new GrantEffect.Give(B, 2)], End(A, GrantEnd.Failed));
        Assert.Equal([new GrantEffect.Give(C, 1)], End(B, GrantEnd.Failed));
    }

    [Fact]
    public void Of_replicas_that_have_had_turns_the_one_whose_turn_is_longest_ago_is_next()
    {
        Ask(A);
        Ask(B);
        Ask(C);
        End(A, GrantEnd.Failed);
        End(B, GrantEnd.Failed);
        Ask(B, 2);
        Ask(A, 2);
        Assert.Equal([new GrantEffect.Give(A, 2)], End(C, GrantEnd.Failed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_the_turns_of_reachable_replicas_are_remembered(bool reachable)
    {
        Ask(A);
        Ask(B);
        End(A, GrantEnd.Failed);
        Take(_line.OnReachable(new HashSet<ReplicaId>(reachable ? [A, B, C] : [B, C]), _now));
        Ask(A, 2);
        Ask(C);
        Assert.Equal([reachable ? new GrantEffect.Give(C, 1) : new GrantEffect.Give(A, 2)], End(B, GrantEnd.Failed));
    }

    [Fact]
    public void A_line_is_idle_and_due_at_no_time_when_nobody_holds_the_grant_and_nobody_waits()
    {
        Assert.Equal((true, null), (_line.IsIdle, _line.DueAt));
        Ask(A);
        Assert.Equal((false, _now + GrantLine.UnusedLimit), (_line.IsIdle, _line.DueAt));
        End(A, GrantEnd.Returned);
        Assert.Equal((true, null), (_line.IsIdle, _line.DueAt));

        _line = _line with { NotBefore = _now + GrantBook.Settling };
        Ask(A);
        Assert.Equal((false, _now + GrantBook.Settling), (_line.IsIdle, _line.DueAt));
    }

    [Fact]
    public void A_holder_that_asks_with_a_new_ticket_has_given_up_the_old_grant()
    {
        Ask(A);
        Ask(B);
        Assert.Equal([new GrantEffect.Give(B, 1), new GrantEffect.Queue(A, 2)], Ask(A, 2));
    }

    [Fact]
    public void A_waiting_replica_can_withdraw()
    {
        Ask(A);
        Ask(B);
        Ask(C);
        Assert.Empty(End(B, GrantEnd.Returned));
        Assert.Equal([new GrantEffect.Give(C, 1)], End(A, GrantEnd.Failed));
    }

    [Fact]
    public void A_holder_from_before_a_change_of_granter_makes_itself_known_and_the_others_wait_for_it()
    {
        _line = _line with { NotBefore = _now + GrantBook.Settling };
        Assert.Equal([new GrantEffect.Queue(B, 1)], Ask(B));
        Assert.Empty(Announce(A));
        Assert.Empty(Pass(1));
        Assert.Equal([new GrantEffect.Give(B, 1)], End(A, GrantEnd.Failed));
    }

    [Fact]
    public void An_announced_grant_lasts_as_long_as_a_trial_may_take()
    {
        Announce(A);
        Assert.Empty(Pass(30.4));
        Assert.Equal([new GrantEffect.Expired(A)], Pass(0.1));
    }

    [Fact]
    public void A_holder_that_announces_a_grant_of_this_granter_is_not_given_it_again()
    {
        Ask(A);
        var before = _line;
        Assert.Empty(Announce(A));
        Assert.Same(before, _line);
    }

    [Fact]
    public void When_no_holder_makes_itself_known_the_first_who_waits_has_it_after_that_while()
    {
        _line = _line with { NotBefore = _now + GrantBook.Settling };
        Ask(B);
        Assert.Equal(_now + GrantBook.Settling, _line.DueAt);
        Assert.Empty(Pass(0.4));
        Assert.Equal([new GrantEffect.Give(B, 1)], Pass(0.1));
    }

    private GrantEffect[] Ask(ReplicaId replica, long ticket = 1) =>
        Take(_line.OnAsk(new(replica, ticket, TimeSpan.FromSeconds(30)), _now));

    private GrantEffect[] Announce(ReplicaId holder) => Take(_line.OnAsk(new(holder, 1, TimeSpan.FromSeconds(30), Holding: true), _now));

    /// <summary>Ends it with the ticket it holds.</summary>
    private GrantEffect[] End(ReplicaId replica, GrantEnd end) => Take(_line.OnEnd(replica, TicketOf(replica), end, _now));

    private void Use(ReplicaId replica) => _line = _line.OnUsed(replica, 1, _now);

    private GrantEffect[] Pass(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        return Take(_line.OnTime(_now));
    }

    private GrantEffect[] Take((GrantLine Next, System.Collections.Immutable.ImmutableArray<GrantEffect> Effects) step)
    {
        _line = step.Next;
        return [.. step.Effects];
    }

    private long TicketOf(ReplicaId replica) =>
        _line.Holder?.Replica == replica ? _line.Holder.Ticket : _line.Waiting.Single(ask => ask.Replica == replica).Ticket;
}
