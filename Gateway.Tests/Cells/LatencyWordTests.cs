using CsCheck;
using Gateway.Core.Cells;
using Gateway.Tests.Balancing;

namespace Gateway.Tests.Cells;

public sealed class LatencyWordTests
{
    private static readonly TimeSpan Now = TestCells.Now;
    private static readonly TimeSpan Tau = TimeSpan.FromSeconds(LatencyWord.TauSeconds);

    [Fact]
    public void The_first_sample_is_the_average() =>
        Assert.Equal(20, new LatencyWord().Observe(Ms(20), Now).Average.TotalMilliseconds, 3);

    [Fact]
    public void The_past_fades_exponentially_at_every_age() =>
        Gen.UInt[0, 200_000].Sample(age => Assert.InRange(Decay.After(age) / Math.Exp(age / -10_000d), 1 - 1e-6, 1 + 1e-6));

    [Theory]
    [InlineData(65_535u)]
    [InlineData(65_536u)]
    public void Beyond_the_end_of_the_table_the_past_fades_on(uint age) => Assert.InRange(Decay.After(age) / Math.Exp(age / -10_000d), 1 - 1e-6, 1 + 1e-6);

    [Fact]
    public void A_latency_is_rounded_to_the_nearest_that_the_word_can_hold() => Gen.Long[TimeSpan.TicksPerSecond, (2 * TimeSpan.TicksPerSecond) - 1].Sample(ticks =>
    {
        var seconds = (float)TimeSpan.FromTicks(ticks).TotalSeconds;
        var cost = new LatencyWord().Observe(TimeSpan.FromTicks(ticks), Now).Cost;
        Assert.InRange(Math.Abs(cost - seconds), 0, MathF.Pow(2, -21)); // From 1 to 2 s the word holds multiples of 2^-20 s.
    });

    [Fact]
    public void From_100_ms_a_sample_of_20_ms_after_one_tau_gives_49_4_ms()
    {
        var word = new LatencyWord().Observe(Ms(100), Now).Observe(Ms(20), Now + Tau);
        Assert.Equal(49.43, word.Average.TotalMilliseconds, 2);
    }

    [Fact]
    public void A_peak_replaces_the_average_at_once() =>
        Assert.Equal(300, new LatencyWord().Observe(Ms(20), Now).Observe(Ms(300), Now).Average.TotalMilliseconds, 3);

    [Fact]
    public void Read_later_it_has_decayed_by_e_to_the_minus_age_over_tau()
    {
        var word = new LatencyWord().Observe(Ms(100), Now);
        Assert.Equal(0.0368, word.CostAt(Now + Tau), 4);
        Assert.Equal(0.1, word.CostAt(Now), 6);
    }

    [Fact]
    public void Without_a_sample_it_costs_the_seed()
    {
        Assert.False(default(LatencyWord).HasSample);
        Assert.Equal(0.030, default(LatencyWord).CostAt(Now), 6);
    }

    [Fact]
    public void A_sample_of_no_time_at_all_is_still_a_sample() =>
        Assert.True(new LatencyWord().Observe(TimeSpan.Zero, TimeSpan.Zero).HasSample);

    [Fact]
    public void An_age_is_right_across_the_wrap_of_the_stamp()
    {
        var before = TimeSpan.FromMilliseconds((1L << 36) - 500d);
        Assert.Equal(2000u, new LatencyWord().Observe(Ms(1), before).AgeAt(before + TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(49)]
    public void A_sample_of_days_ago_is_as_old_as_it_is_and_costs_nothing(int days)
    {
        var word = new LatencyWord().Observe(Ms(5_000), Now);
        var later = Now + TimeSpan.FromDays(days);
        Assert.Equal((uint)TimeSpan.FromDays(days).TotalMilliseconds, word.AgeAt(later));
        Assert.Equal(0, word.CostAt(later), 6);
        Assert.Equal(20, word.Observe(Ms(20), later).Average.TotalMilliseconds, 3);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(365)]
    [InlineData(790)]
    public void One_that_is_older_than_an_age_can_tell_is_as_old_as_it_can(int days)
    {
        var word = new LatencyWord().Observe(Ms(5_000), Now);
        Assert.Equal(uint.MaxValue, word.AgeAt(Now + TimeSpan.FromDays(days)));
    }

    [Fact]
    public void A_thousand_samples_a_second_bring_the_average_to_what_they_are()
    {
        var (word, now) = (new LatencyWord().Observe(Ms(100), Now), Now);
        for (var i = 0; i < 200_000; i++)
        {
            now += Ms(1);
            word = word.Observe(Ms(20), now);
        }

        Assert.InRange(word.Average.TotalMilliseconds, 20, 20.2);
    }

    [Theory]
    [InlineData(5, 0u)]
    [InlineData(60_000, 0u)]
    [InlineData(60_001, uint.MaxValue)]
    public void A_sample_from_up_to_a_minute_ahead_is_fresh_and_from_further_ahead_it_is_of_before_the_stamp_wrapped(int ahead, uint age) =>
        Assert.Equal(age, new LatencyWord().Observe(Ms(1), Now + Ms(ahead)).AgeAt(Now));

    [Fact]
    public void An_average_never_leaves_the_range_of_its_samples() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Int[0, 60_000]).Array[1, 50].Sample(samples =>
        {
            var (word, now) = (default(LatencyWord), Now);
            foreach (var (latency, gap) in samples)
            {
                now += Ms(gap);
                word = word.Observe(Ms(latency), now);
            }

            var latencies = samples.Select(sample => sample.Item1).ToArray();
            Assert.InRange(word.Average.TotalMilliseconds, latencies.Min() - 0.01, latencies.Max() + 0.01);
        });

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
