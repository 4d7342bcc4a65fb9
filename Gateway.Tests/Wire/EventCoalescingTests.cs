using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class EventCoalescingTests
{
    [Theory]
    [InlineData(64, 1, 10, true)] // One at a time and fast: worth a pause.
    [InlineData(64, 15, 200, true)]
    [InlineData(64, 16, 200, false)] // Enough at once without it.
    [InlineData(64, 1, 40, false)] // No other is expected within the pause.
    [InlineData(8, 3, 10, true)]
    [InlineData(8, 4, 10, false)] // Half of them all.
    [InlineData(7, 1, 10, false)] // Too few to gather any.
    public void Events_gather_only_where_more_are_to_be_expected_at_once(int exchanges, int events, double microseconds, bool expected)
    {
        var coalescing = new EventCoalescing();
        for (var turn = 0; turn < 100; turn++)
        {
            coalescing.Count(events, microseconds);
        }

        Assert.Equal(expected, coalescing.ShouldPause(exchanges));
    }

    [Fact]
    public void A_turn_without_events_is_followed_by_a_plain_wait()
    {
        var coalescing = new EventCoalescing();
        for (var turn = 0; turn < 100; turn++)
        {
            coalescing.Count(1, 10);
        }

        coalescing.Count(0, 10);

        Assert.False(coalescing.ShouldPause(64));
    }

    [Fact]
    public void A_rate_of_long_ago_does_not_count()
    {
        var coalescing = new EventCoalescing();
        for (var turn = 0; turn < 100; turn++)
        {
            coalescing.Count(1, 10);
        }

        for (var turn = 0; turn < 20; turn++)
        {
            coalescing.Count(1, 10_000);
        }

        Assert.False(coalescing.ShouldPause(64));
    }
}
