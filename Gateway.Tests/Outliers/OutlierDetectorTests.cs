using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Outliers;

namespace Gateway.Tests.Outliers;

public sealed class OutlierDetectorTests
{
    private static readonly OutlierPolicy Policy = OutlierPolicy.Default;

    [Fact]
    public void The_threshold_is_the_mean_less_nineteen_tenths_of_the_deviation_of_the_population()
    {
        // Envoy's example: mean 90, squares (1600 + 4 * 100) / 5 = 400, so 90 - 1.9 * 20.
        Assert.Equal(52, OutlierDetector.Threshold([50, 100, 100, 100, 100]), 9);
        Assert.Equal(80, OutlierDetector.Threshold([80, 80, 80, 80, 80]), 9);
    }

    [Fact]
    public void One_of_five_that_fails_half_is_an_outlier_and_says_by_how_much()
    {
        var finding = Assert.Single(Judge(50, 100, 100, 100, 100));
        Assert.Equal(0, finding.Index);
        Assert.Equal("50.0 % of 200 requests succeeded, below 52.0 %", finding.Text);
    }

    [Fact]
    public void A_rate_at_the_threshold_is_not_below_it()
    {
        // All equal: the threshold is the rate itself, give or take rounding.
        Assert.Empty(Judge(33, 33, 33, 33, 33, 33, 33));

        // Four of 100 and one of x: the mean is 80 + x/5 and sigma 2/5 (100 - x), so x is below by a twenty-fifth of 100 - x, for any x.
        Assert.Single(Judge(99.5, 100, 100, 100, 100));
    }

    [Fact]
    public void Of_two_that_fail_alike_among_seven_none_stands_out() => Assert.Empty(Judge(50, 50, 100, 100, 100, 100, 100));

    [Fact]
    public void Several_outliers_come_worst_first() =>
        Assert.Equal([3, 1], Judge([100, 20, 100, 0, .. Enumerable.Repeat(100d, 20)]).Select(finding => finding.Index));

    [Fact]
    public void With_fewer_than_there_are_to_be_nobody_is_judged()
    {
        OutlierSample?[] six = [Of(0, 200), .. Enumerable.Repeat<OutlierSample?>(Of(100, 200), 5)];
        Assert.Empty(OutlierDetector.Judge(six, Policy with { MinEndpoints = 7 }));
        Assert.Single(OutlierDetector.Judge(six, Policy with { MinEndpoints = 6 }));
        Assert.Empty(Judge(0, 100, 100, 100));
        Assert.Empty(OutlierDetector.Judge([Of(0, 200), null, Of(100, 200), Of(100, 200), Of(100, 200)], Policy));
    }

    [Fact]
    public void One_with_too_few_requests_is_neither_judged_nor_compared_with()
    {
        Assert.Empty(OutlierDetector.Judge([Of(0, 99), Of(100, 100), Of(100, 100), Of(100, 100), Of(100, 100), Of(100, 100)], Policy));
        Assert.Empty(OutlierDetector.Judge([Of(50, 100), Of(100, 99), Of(100, 100), Of(100, 100), Of(100, 100)], Policy));
        Assert.Single(OutlierDetector.Judge([Of(50, 100), Of(100, 100), Of(100, 100), Of(100, 100), Of(100, 100)], Policy));
    }

    [Fact]
    public void Whoever_is_found_is_below_the_mean_and_was_judged_and_the_best_never_is() =>
        Gen.Select(Gen.Long[0, 300], Gen.Long[0, 300]).Array[0, 20].Sample(counts =>
        {
            OutlierSample?[] samples = [.. counts.Select((count, i) => i % 7 == 6 ? default(OutlierSample?) : new(count.Item1, count.Item2))];
            var findings = OutlierDetector.Judge(samples, Policy);
            var judged = samples.OfType<OutlierSample>().Where(sample => sample.Requests >= Policy.MinRequests).ToList();
            Assert.All(findings, finding =>
            {
                Assert.Contains(finding.Sample, judged);
                Assert.Equal(samples[finding.Index], finding.Sample);
                Assert.True(finding.Sample.SuccessRate < judged.Average(sample => sample.SuccessRate));
                Assert.True(finding.Sample.SuccessRate < judged.Max(sample => sample.SuccessRate));
            });
            Assert.True(findings.Length == 0 || judged.Count >= Policy.MinEndpoints);
            Assert.True(findings.Length <= judged.Count / 2);
        });

    [Fact]
    public void Ejections_grow_by_the_base_up_to_the_most_and_are_spread_by_a_tenth()
    {
        Assert.Equal([30d, 60, 90, 270, 300, 300], new[] { 1, 2, 3, 9, 10, 50 }.Select(times => Seconds(times, 0.5)));
        Assert.Equal((27, 33), (Seconds(1, 0), Seconds(1, 1)));

        static double Seconds(int times, double unit) => Math.Round(OutlierSchedule.Duration(Policy, times, unit).TotalSeconds, 6);
    }

    [Fact]
    public void An_endpoint_is_out_while_its_ejection_has_an_end()
    {
        Assert.False(OutlierRecord.Clean.IsOut);
        Assert.True((OutlierRecord.Clean with { Until = TimeSpan.FromSeconds(30) }).IsOut);
    }

    private static OutlierSample Of(double percent, long requests) =>
        new((long)Math.Round(percent / 100 * requests), requests - (long)Math.Round(percent / 100 * requests));

    private static ImmutableArray<OutlierFinding> Judge(params double[] rates) => OutlierDetector.Judge([.. rates.Select(rate => (OutlierSample?)Of(rate, 200))], Policy);
}
