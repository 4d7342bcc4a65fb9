using Gateway.Node.Engine;
using Gateway.Node.Settings;

namespace Gateway.Tests.Engine;

public sealed class ClientPaceTests
{
    private const int Grace = ClientPace.GraceMilliseconds;
    private ClientPace _pace = Begun(send: 100, take: 100);

    [Fact]
    public void A_client_that_is_not_waited_for_has_no_deadline() => Assert.Equal(long.MaxValue, _pace.Deadline);

    [Fact]
    public void A_body_that_keeps_the_rate_goes_on_for_as_long_as_it_takes()
    {
        _pace.AwaitBody(now: 10, sent: 7);
        for (long now = 10 + Grace, sent = 7 + 500; now < 20 * Grace; now += Grace, sent += 500)
        {
            Assert.Equal(now, _pace.Deadline);
            Assert.False(_pace.SendsTooSlowly(now, sent));
        }
    }

    [Theory]
    [InlineData(499, true)]
    [InlineData(500, false)]
    public void A_body_is_held_to_the_rate_over_the_grace(long came, bool slow)
    {
        _pace.AwaitBody(now: 0, sent: 0);
        Assert.False(_pace.SendsTooSlowly(Grace - 1, 0));
        Assert.Equal(slow, _pace.SendsTooSlowly(Grace, came));
    }

    [Fact]
    public void Waiting_again_for_what_is_waited_for_gives_no_more_time()
    {
        _pace.AwaitBody(now: 0, sent: 0);
        _pace.AwaitBody(now: Grace - 1, sent: 0);
        Assert.True(_pace.SendsTooSlowly(Grace, 0));
    }

    [Fact]
    public void While_it_is_the_backends_turn_no_time_is_counted()
    {
        _pace.AwaitBody(now: 0, sent: 0);
        _pace.StopAwaitingBody();
        Assert.False(_pace.SendsTooSlowly(2 * Grace, 0));
        _pace.AwaitBody(now: 2 * Grace, sent: 0);
        Assert.Equal(3 * Grace, _pace.Deadline);
    }

    [Theory]
    [InlineData(10, Grace)] // A small backlog: the grace period.
    [InlineData(60_000, 600_000)] // A large one: as long as the rate gives it.
    public void An_answer_may_be_taken_at_the_rate(int backlog, long by)
    {
        _pace.Block(now: 0, backlog, untaken: backlog);
        _pace.Block(now: 100, backlog + 1, untaken: backlog + 1);
        Assert.False(_pace.TakesTooSlowly(by - 1, backlog));
        Assert.True(_pace.TakesTooSlowly(by, backlog));
        _pace.Unblock();
        Assert.False(_pace.TakesTooSlowly(by, backlog));
    }

    /// <summary>Data held by the system for a client drains for a long time before the system takes any of the backlog.</summary>
    [Fact]
    public void A_client_that_takes_what_the_system_holds_at_the_rate_goes_on()
    {
        const int Backlog = 1000, Held = 1_000_000;
        _pace.Block(now: 0, Backlog, untaken: Backlog + Held);
        for (var (now, untaken) = (10_000L, Held); untaken > 0; now += 10_000, untaken -= 1000)
        {
            Assert.Equal(now, _pace.Deadline);
            Assert.False(_pace.TakesTooSlowly(now, untaken));
        }
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void A_client_is_held_to_the_rate_in_each_look(int taken, bool slow)
    {
        _pace.Block(now: 0, backlog: 1000, untaken: 100_000);
        Assert.False(_pace.TakesTooSlowly(10_000, 90_000));
        Assert.Equal(slow, _pace.TakesTooSlowly(20_000, 90_000 - taken));
    }

    [Fact]
    public void Looks_for_idleness_take_nothing_from_the_rate()
    {
        _pace.Block(now: 0, backlog: 1000, untaken: 100_000);
        Assert.True(_pace.HasTaken(99_200));
        Assert.False(_pace.TakesTooSlowly(10_000, 99_000));
    }

    [Fact]
    public void A_rate_of_nothing_holds_nobody_to_anything()
    {
        _pace = Begun(send: 0, take: 0);
        _pace.AwaitBody(now: 0, sent: 0);
        _pace.Block(now: 0, backlog: 1000, untaken: 1000);
        Assert.Equal(long.MaxValue, _pace.Deadline);
    }

    [Fact]
    public void Progress_on_an_answer_shows_before_all_of_it_is_taken()
    {
        _pace.Block(now: 0, backlog: 1000, untaken: 1000);
        Assert.False(_pace.HasTaken(1000));
        Assert.True(_pace.HasTaken(400));
        Assert.False(_pace.HasTaken(400));
    }

    private static ClientPace Begun(int send, int take)
    {
        var pace = default(ClientPace);
        pace.Begin(new LimitSettings { MinRequestBodyDataRate = send, MinResponseDataRate = take });
        return pace;
    }
}
