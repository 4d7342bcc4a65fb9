using CsCheck;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class RecentMaximumTests
{
    [Fact]
    public void A_larger_value_counts_at_once_and_a_smaller_one_after_ten_minutes()
    {
        var sizes = RecentMaximum.None.Observe(1, Minutes(0)).Observe(6, Minutes(1));
        Assert.Equal((6, null), (sizes.At(Minutes(1)), sizes.FallsAt(Minutes(1))));

        // A split: three of six remain.
        sizes = sizes.Observe(3, Minutes(60));
        Assert.Equal(6, sizes.At(Minutes(69.9)));
        Assert.Equal(Minutes(70), sizes.FallsAt(Minutes(69.9)));
        Assert.Equal((3, null), (sizes.At(Minutes(70)), sizes.FallsAt(Minutes(70))));
    }

    [Fact]
    public void It_falls_step_by_step_as_the_value_did()
    {
        var sizes = RecentMaximum.None.Observe(5, Minutes(0)).Observe(4, Minutes(2)).Observe(2, Minutes(5));
        Assert.Equal([5, 4, 2], new[] { 11.9, 12, 15 }.Select(minutes => sizes.At(Minutes(minutes))));
    }

    [Fact]
    public void Before_the_first_value_it_is_zero() => Assert.Equal(0, RecentMaximum.None.At(Minutes(3)));

    [Fact]
    public void It_is_the_largest_of_all_values_that_held_within_the_window() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 6]).Array[1, 30].Sample(steps =>
        {
            var (sizes, now, history) = (RecentMaximum.None, 0, new List<(int Value, int From)>());
            foreach (var (value, minutes) in steps)
            {
                now += minutes;
                sizes = sizes.Observe(value, Minutes(now));
                history.Add((value, now));
                for (var later = now; later < now + 12; later++)
                {
                    Assert.Equal(Naive(history, later), sizes.At(Minutes(later)));
                    var falls = sizes.FallsAt(Minutes(later));
                    Assert.Equal(Naive(history, later) == value ? null : Minutes(NextFall(history, later)), falls);
                }
            }
        });

    /// <summary>Checks every value that ever held: it held until the next one came.</summary>
    private static int Naive(List<(int Value, int From)> history, int now) => history
        .Where((_, i) => i == history.Count - 1 || history[i + 1].From > now - 10)
        .Max(step => step.Value);

    private static int NextFall(List<(int Value, int From)> history, int now)
    {
        var present = Naive(history, now);
        return Enumerable.Range(now, 100).First(later => Naive(history, later) < present);
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
