using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

public sealed class ConcurrencyLimiterTests
{
    private static readonly ConcurrencyPolicy Policy = new() { Min = 3, Max = 500 };

    [Fact]
    public void It_begins_with_the_lowest_limit_and_counts_whom_it_refuses()
    {
        var limiter = new ConcurrencyLimiter();
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => limiter.TryEnter(Policy, RequestPriority.Critical, out var among) ? among : 0));
        Assert.False(limiter.TryEnter(Policy, RequestPriority.Critical, out _));
        Assert.Equal((3, 1), (limiter.InFlight, limiter.Refused(RequestPriority.Critical)));
        limiter.Leave();
        Assert.True(limiter.TryEnter(Policy, RequestPriority.Critical, out _));
    }

    [Fact]
    public void The_lower_a_priority_the_sooner_it_is_refused_whoever_is_there()
    {
        var policy = new ConcurrencyPolicy { Min = 100, Max = 100 };
        var limiter = new ConcurrencyLimiter();
        Assert.Equal(80, Admitted(RequestPriority.Sheddable));
        Assert.Equal(15, Admitted(RequestPriority.Default));
        Assert.Equal(5, Admitted(RequestPriority.Critical));
        limiter.Leave();
        Assert.Equal(0, Admitted(RequestPriority.Default));
        Assert.Equal(1, Admitted(RequestPriority.Critical));
        Assert.Equal((120, 385, 394), (limiter.Refused(RequestPriority.Sheddable), limiter.Refused(RequestPriority.Default), limiter.Refused(RequestPriority.Critical)));

        int Admitted(RequestPriority priority) => Enumerable.Range(0, 200).Count(_ => limiter.TryEnter(policy, priority, out var _));
    }

    [Fact]
    public void Every_priority_has_one_place_however_low_the_limit() =>
        Assert.All(Enum.GetValues<RequestPriority>(), priority => Assert.Equal(1, PriorityShare.Of(1, priority)));

    [Fact]
    public void Bounds_of_a_reload_hold_at_once()
    {
        var limiter = new ConcurrencyLimiter();
        Assert.True(limiter.TryEnter(Policy, RequestPriority.Critical, out _));
        Assert.False(limiter.TryEnter(Policy with { Min = 1, Max = 1 }, RequestPriority.Critical, out _));
        Assert.True(limiter.TryEnter(Policy, RequestPriority.Critical, out _));
    }

    [Fact]
    public void Answers_by_all_threads_close_each_window_once_and_lose_no_place()
    {
        var limiter = new ConcurrencyLimiter();
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                if (limiter.TryEnter(Policy, RequestPriority.Critical, out var among))
                {
                    limiter.Leave();
                    limiter.Observe(Policy, TimeSpan.FromMilliseconds(1), among, TimeSpan.FromMilliseconds(i));
                }
            }
        });

        Assert.Equal(0, limiter.InFlight);
        Assert.Equal(1000, limiter.State.Usual);
        Assert.InRange(limiter.State.InFlight, 0.5, 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(60_000)]
    public void The_tenth_answer_closes_the_first_window_whatever_the_latency(int milliseconds)
    {
        var limiter = new ConcurrencyLimiter();
        Observe(limiter, 9, TimeSpan.FromMilliseconds(milliseconds), At(0));
        Assert.Same(AdaptiveLimit.Unknown, limiter.State);
        Observe(limiter, 1, TimeSpan.FromMilliseconds(milliseconds), At(0));
        Assert.Equal(Policy.Min, limiter.State.Limit);
    }

    [Fact]
    public void A_window_may_have_hundreds_of_thousands_of_answers()
    {
        var limiter = new ConcurrencyLimiter();
        Observe(limiter, 10, TimeSpan.FromMicroseconds(7), At(0));
        Observe(limiter, 600_000, TimeSpan.FromMicroseconds(7), At(0.05));
        Observe(limiter, 1, TimeSpan.FromMicroseconds(7), At(0.1));
        Assert.Equal((7, 2), (limiter.State.Usual, limiter.State.InFlight));
    }

    [Fact]
    public void Requests_given_up_do_not_count_while_the_usual_latency_is_not_known()
    {
        var limiter = new ConcurrencyLimiter();
        for (var i = 1; i <= 40; i++)
        {
            limiter.ObserveUnanswered(Policy, TimeSpan.FromMilliseconds(50), 1, At(i));
        }

        Assert.Same(AdaptiveLimit.Unknown, limiter.State);
    }

    [Fact]
    public void Requests_given_up_count_only_after_a_wait_longer_than_usual()
    {
        var limiter = new ConcurrencyLimiter();
        for (var i = 1; i <= 40; i++)
        {
            limiter.Observe(Policy, TimeSpan.FromMilliseconds(10), 1, TimeSpan.FromMilliseconds(100 * i));
        }

        Assert.Equal((10_000, 10_000), (limiter.State.Usual, limiter.State.Latency));
        var state = limiter.State;
        for (var i = 1; i <= 40; i++)
        {
            limiter.ObserveUnanswered(Policy, TimeSpan.FromMilliseconds(10), 1, TimeSpan.FromSeconds(10 + i));
        }

        Assert.Same(state, limiter.State);
        for (var i = 1; i <= 40; i++)
        {
            limiter.ObserveUnanswered(Policy, TimeSpan.FromMilliseconds(50), 1, TimeSpan.FromSeconds(100 + i));
        }

        Assert.True(limiter.State.Latency > 40_000);
    }

    [Fact]
    public void Taking_a_place_and_giving_it_back_allocates_nothing()
    {
        var limiter = new ConcurrencyLimiter();
        var now = TimeSpan.FromHours(1);
        for (var i = 0; i < 100; i++)
        {
            limiter.Observe(Policy, TimeSpan.FromMilliseconds(1), 1, now);
        }

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                limiter.TryEnter(Policy, RequestPriority.Critical, out var among);
                limiter.Leave();
                limiter.Observe(Policy, TimeSpan.FromMilliseconds(1), among, now);
            }
        });
    }

    /// <summary>Observes answers to requests that began as the second of two.</summary>
    private static void Observe(ConcurrencyLimiter limiter, int answers, TimeSpan latency, TimeSpan now)
    {
        for (var i = 0; i < answers; i++)
        {
            limiter.Observe(Policy, latency, among: 2, now);
        }
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
