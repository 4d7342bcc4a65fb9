using CsCheck;
using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

public sealed class AdaptiveLimitTests
{
    private static readonly ConcurrencyPolicy Policy = new() { Min = 10, Max = 500 };

    [Fact]
    public void The_first_answers_are_no_measure()
    {
        var first = AdaptiveLimit.Unknown.Next(new(10, 500, 10), 10, Policy, At(0));
        Assert.Equal((10, 0), (first.Limit, first.Usual));
        Assert.False(first.IsDue(1000, At(0.099)));
        Assert.False(first.IsDue(9, At(0.1)));
        Assert.True(first.IsDue(10, At(0.1)));
        Assert.Equal(1000, first.Next(new(10, 1000, 10), 10, Policy, At(0.1)).Usual);
    }

    [Fact]
    public void A_window_is_as_long_as_an_answer_takes_but_for_five_seconds_at_most()
    {
        Assert.Equal(At(2), AdaptiveLimit.Unknown.Next(new(10, 2_000_000, 10), 10, Policy, At(0)).Until);
        Assert.Equal(At(5), AdaptiveLimit.Unknown.Next(new(10, 20_000_000, 10), 10, Policy, At(0)).Until);
    }

    [Fact]
    public void At_the_start_the_limit_grows_by_half_and_after_the_first_cut_by_a_root()
    {
        var limit = Known(100) with { HasStarted = false };
        Assert.Equal(150, Next(limit, 1000, 100).Limit);
        Assert.Equal(110, Next(limit with { HasStarted = true }, 1000, 100).Limit);

        // Within a fifth of the tolerated latency: 1.4 times the usual one, smoothed over the windows before.
        Assert.Equal(102, Next(limit with { HasStarted = true, Latency = 1400 }, 1400, 100).Limit);
    }

    [Fact]
    public void With_less_than_half_in_use_the_limit_stays_and_the_usual_latency_follows()
    {
        var next = Next(Known(100), 3000, 49);
        Assert.Equal(100, next.Limit);
        Assert.Equal(1000 + (0.02 * 800), next.Usual); // The latest latency counts for two fifths: 1,800.
        Assert.Equal(1000, Next(Known(100), 3000, 51).Usual);
    }

    [Fact]
    public void The_limit_is_in_use_from_half_of_it_on() => Assert.Equal(1000, Next(Known(100), 3000, 50).Usual);

    [Fact]
    public void The_newest_window_counts_for_two_fifths_of_the_requests_in_flight() =>
        Assert.Equal(80, Known(100).Next(new(10, 1000, 50), inFlight: 0, Policy, At(2)).InFlight);

    [Fact]
    public void A_latency_of_the_usual_one_times_the_tolerance_is_still_tolerated()
    {
        var next = Next(Known(100) with { HasStarted = false, Latency = 1500 }, 1500, 100);
        Assert.Equal((150, false), (next.Limit, next.HasStarted));
        Assert.Null(next.Doubt);
    }

    [Fact]
    public void The_limit_grows_by_a_whole_root_up_to_five_sixths_of_the_tolerated_latency() =>
        Assert.Equal(110, Next(Known(100) with { Latency = 1250 }, 1250, 100).Limit);

    [Fact]
    public void The_first_cut_ends_the_growth_by_half()
    {
        var cut = Next(Known(100) with { HasStarted = false, Latency = 2500 }, 2500, 100);
        Assert.Equal((94, true), (cut.Limit, cut.HasStarted));
    }

    [Fact]
    public void A_cut_goes_a_fifth_of_the_way()
    {
        // The latency is 2,500, the gradient 0.6: towards 60 and a root of 10.
        var next = Next(Known(100) with { Latency = 2500 }, 2500, 100);
        Assert.Equal(94, next.Limit);
        Assert.Equal(new LatencyDoubt(100, 2500, 100, 1), next.Doubt);
    }

    [Fact]
    public void Fewer_requests_that_take_as_long_mean_a_slower_backend()
    {
        var cut = Known(60) with { Latency = 2500, InFlight = 60, Doubt = new(100, 2500, 100, 5) };
        var slower = Next(cut, 2400, 60);
        Assert.Equal((100, 2460), (slower.Limit, slower.Usual));
        Assert.Null(slower.Doubt);
    }

    [Fact]
    public void A_cut_of_three_tenths_is_enough_to_tell()
    {
        var cut = Known(70) with { Latency = 2400, Doubt = new(100, 2500, 100, 5) };
        Assert.Equal((100, 2400), (Next(cut, 2400, 70).Limit, Next(cut, 2400, 70).Usual));
        Assert.Equal(1000, Next(cut, 2400, 70.1).Usual);
    }

    [Fact]
    public void A_latency_lower_by_fifteen_percent_means_a_queue()
    {
        var cut = Known(60) with { Latency = 1700, Doubt = new(100, 2000, 100, 5) };
        Assert.Equal(new LatencyDoubt(60, 1700, 60, 1), Next(cut, 1700, 60).Doubt);
        Assert.Null(Next(cut with { Latency = 1701 }, 1701, 60).Doubt);
    }

    [Fact]
    public void Fewer_requests_that_take_less_long_mean_a_queue()
    {
        var cut = Known(60) with { Latency = 1800, InFlight = 60, Doubt = new(100, 2500, 100, 5) };
        var queue = Next(cut, 1800, 60);
        Assert.Equal((60, 1000), (queue.Limit, queue.Usual));
        Assert.Equal(new LatencyDoubt(60, 1800, 60, 1), queue.Doubt);
    }

    [Fact]
    public void A_cut_that_has_settled_goes_on_until_it_proves_something_and_is_taken_back_if_it_was_a_queue()
    {
        var settled = Known(100) with { Latency = 1600, Doubt = new(100, 1600, 100, 29), Patience = 30 };
        var proving = Next(settled, 1600, 100);
        Assert.Equal(90, proving.Limit);

        var queue = Next(proving with { Latency = 1440 }, 1440, 90);
        Assert.Equal((100, 60), (queue.Limit, queue.Patience));
        Assert.Null(queue.Doubt);
    }

    [Fact]
    public void A_settled_cut_compares_with_the_requests_and_the_latency_from_which_it_continues()
    {
        var settled = Known(80) with { Latency = 1600, Doubt = new(100, 2500, 100, 29), Patience = 30 };
        var proving = Next(settled, 1600, 80);
        Assert.Equal((72, new LatencyDoubt(80, 1600, 80, 30)), (proving.Limit, proving.Doubt));
    }

    [Fact]
    public void Whatever_comes_the_limit_stays_within_its_bounds() =>
        Gen.Select(Gen.Double[1, 1e7], Gen.Double[1, 1000], Gen.Int[0, 1000]).Array[1, 200].Sample(windows =>
        {
            var limit = AdaptiveLimit.Unknown;
            for (var i = 0; i < windows.Length; i++)
            {
                var (latency, inFlight, now) = windows[i];
                limit = limit.Next(new(10, latency, inFlight), now, Policy, At(i));
                Assert.InRange(limit.Limit, Policy.Min, Policy.Max);
                Assert.True(double.IsFinite(limit.Usual) && limit.Usual >= 0);
            }
        });

    /// <summary>A limit in use, with a usual latency of 1 ms.</summary>
    private static AdaptiveLimit Known(double limit) =>
        new() { Limit = limit, Usual = 1000, Latency = 1000, InFlight = limit, HasStarted = true, Until = At(1) };

    private static AdaptiveLimit Next(AdaptiveLimit limit, double latency, double inFlight) =>
        (limit with { InFlight = inFlight }).Next(new(10, latency, inFlight), inFlight: 0, Policy, At(2));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
