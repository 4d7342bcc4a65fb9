using CsCheck;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Traffic;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(1_500, 67)]
    [InlineData(67_108_863, 191)]
    [InlineData(1_000_000_000, 191)]
    public void A_latency_has_its_bucket(long micros, int bucket) =>
        Assert.Equal(bucket, LatencyHistogram.IndexOf(TimeSpan.FromMicroseconds(micros)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(67, 1_408)]
    [InlineData(68, 1_536)]
    public void A_bucket_begins_at_its_shortest_latency(int bucket, double micros) => Assert.Equal(micros, LatencyHistogram.LowerBound(bucket));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(8, 8.5)]
    [InlineData(67, 1_472)]
    public void The_middle_of_a_bucket_is_halfway_to_the_next(int bucket, double micros) =>
        Assert.Equal(micros, LatencyHistogram.MiddleOf(bucket).TotalMicroseconds);

    [Fact]
    public void A_bucket_is_at_most_an_eighth_wide_and_holds_what_is_put_into_it() =>
        Gen.Long[0, 60_000_000].Sample(micros =>
        {
            var index = LatencyHistogram.IndexOf(TimeSpan.FromMicroseconds(micros));
            var (from, to) = (LatencyHistogram.LowerBound(index), LatencyHistogram.LowerBound(index + 1));
            Assert.True(from <= micros && micros < to, $"{micros} is not in {from} to {to}");
            Assert.True(to - from <= Math.Max(1, from / 8));
        });

    [Fact]
    public void Nothing_counted_has_no_quantile() => Assert.Null(LatencyHistogram.Quantile(new long[LatencyHistogram.Length], 0.5));

    [Theory]
    [InlineData(0, 1_408)]
    [InlineData(0.25, 1_440)]
    [InlineData(0.5, 1_472)]
    [InlineData(0.75, 1_504)]
    [InlineData(1, 1_536)]
    public void Samples_are_spread_evenly_over_their_bucket(double share, double micros)
    {
        var counts = new long[LatencyHistogram.Length];
        counts[67] = 4;
        Assert.Equal(micros, LatencyHistogram.Quantile(counts, share)?.TotalMicroseconds);
    }

    [Fact]
    public void A_quantile_is_within_a_bucket_of_the_true_one() =>
        Gen.Long[1, 30_000_000].Array[1, 200].Select(Gen.Double[0.01, 1]).Sample((micros, share) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var each in micros)
            {
                histogram.Observe(TimeSpan.FromMicroseconds(each));
            }

            var counts = new long[LatencyHistogram.Length];
            histogram.AddTo(counts);
            var sorted = micros.Order().ToList();
            var exact = sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
            var told = LatencyHistogram.Quantile(counts, share)!.Value.TotalMicroseconds;
            Assert.InRange(told, Math.Floor(exact * 0.87), (exact * 1.13) + 1);
        });
}
