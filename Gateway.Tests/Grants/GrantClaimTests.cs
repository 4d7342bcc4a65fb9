using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Grants;

public sealed class GrantClaimTests
{
    private const long Ticket = 7;

    private static readonly ReplicaId Granter = new("g:1", 1);
    private static readonly ReplicaId Other = new("o:1", 1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private TimeSpan _now = TimeSpan.FromMinutes(5);
    private GrantClaim? _claim;

    public GrantClaimTests() =>
        Assert.Equal([new ClaimEffect.Ask(Granter, Ticket, Timeout, Holding: false)], Take(GrantClaim.Ask(Granter, Ticket, Timeout, _now)));

    [Fact]
    public void A_given_grant_permits_one_trial()
    {
        Assert.Equal([new ClaimEffect.Permit()], Take(_claim!.OnGiven(Granter, Ticket, _now)));
        Assert.Equal(ClaimPhase.Held, _claim?.Phase);
        Assert.Null(_claim?.DueAt);
    }

    [Fact]
    public void Without_an_answer_it_goes_on_with_permits_of_its_own()
    {
        Assert.Empty(Pass(0.49));
        Assert.Equal([new ClaimEffect.PermitOwn(Granter), new ClaimEffect.End(Granter, Ticket, GrantEnd.Returned)], Pass(0.01));
        Assert.Null(_claim);
    }

    [Fact]
    public void Being_told_to_wait_is_an_answer_and_one_that_waits_asks_again_now_and_then()
    {
        Assert.Empty(Take(_claim!.OnQueued(Granter, Ticket, _now)));
        Assert.Empty(Pass(1.9));
        Assert.Equal([new ClaimEffect.Ask(Granter, Ticket, Timeout, Holding: false)], Pass(0.1));
        Assert.Equal(2, Pass(0.5).Length);
        Assert.Null(_claim);
    }

    [Fact]
    public void A_grant_that_is_given_twice_permits_once()
    {
        Take(_claim!.OnGiven(Granter, Ticket, _now));
        Assert.Empty(Take(_claim!.OnGiven(Granter, Ticket, _now)));
        Assert.Empty(Take(_claim!.OnQueued(Granter, Ticket, _now)));
        Assert.Equal(ClaimPhase.Held, _claim!.Phase);
    }

    [Fact]
    public void A_grant_for_an_earlier_wish_or_by_another_granter_is_returned()
    {
        Assert.Equal([new ClaimEffect.End(Granter, 6, GrantEnd.Returned)], Take(_claim!.OnGiven(Granter, 6, _now)));
        Assert.Equal([new ClaimEffect.End(Other, Ticket, GrantEnd.Returned)], Take(_claim!.OnGiven(Other, Ticket, _now)));
        Assert.Equal(ClaimPhase.Asked, _claim!.Phase);
    }

    [Fact]
    public void Its_use_and_its_end_are_sent_to_the_granter()
    {
        Assert.Empty(Take(_claim!.OnTrial()));
        Take(_claim!.OnGiven(Granter, Ticket, _now));
        Assert.Equal([new ClaimEffect.Used(Granter, Ticket)], Take(_claim!.OnTrial()));
        Assert.Equal([new ClaimEffect.End(Granter, Ticket, GrantEnd.Failed)], Take(_claim!.OnEnd(GrantEnd.Failed)));
        Assert.Null(_claim);
    }

    [Theory]
    [InlineData(ClaimPhase.Asked, ClaimPhase.Asked)]
    [InlineData(ClaimPhase.Waiting, ClaimPhase.Asked)]
    [InlineData(ClaimPhase.Held, ClaimPhase.Held)]
    public void When_the_granter_changes_the_new_one_is_asked_and_told_of_a_grant_that_is_held(ClaimPhase before, ClaimPhase after)
    {
        Take(before switch
        {
            ClaimPhase.Waiting => _claim!.OnQueued(Granter, Ticket, _now),
            ClaimPhase.Held => _claim!.OnGiven(Granter, Ticket, _now),
            _ => new(_claim, []),
        });
        Assert.Empty(Take(_claim!.OnGranter(Granter, _now)));
        Assert.Equal([new ClaimEffect.Ask(Other, Ticket, Timeout, Holding: before == ClaimPhase.Held)], Take(_claim!.OnGranter(Other, _now)));
        Assert.Equal((after, Other), (_claim!.Phase, _claim.Granter));
    }

    [Fact]
    public void When_nobody_else_is_left_it_needs_no_grant_and_one_that_is_held_is_used_as_it_is()
    {
        Assert.Equal([new ClaimEffect.PermitOwn(null)], Take(_claim!.OnAlone()));
        Assert.Null(_claim);
        Take(GrantClaim.Ask(Granter, Ticket, Timeout, _now));
        Take(_claim!.OnGiven(Granter, Ticket, _now));
        Assert.Empty(Take(_claim!.OnAlone()));
        Assert.NotNull(_claim);
    }

    private ClaimEffect[] Pass(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        return Take(_claim!.OnTime(_now));
    }

    private ClaimEffect[] Take(ClaimStep step)
    {
        _claim = step.Next;
        return [.. step.Effects];
    }
}
