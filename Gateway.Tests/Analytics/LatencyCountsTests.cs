using CsCheck;
using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Analytics;

public sealed class LatencyCountsTests
{
    private static readonly Gen<long[]> Latencies = Gen.Long[0, 60_000_000].Array[0, 50];
    private static readonly Gen<LatencyCounts> Counted = Latencies.Select(LatenciesOf);

    [Fact]
    public void It_gives_back_what_was_counted() => Latencies.Sample(micros =>
    {
        var counts = new long[LatencyHistogram.Length];
        LatenciesOf(micros).AddTo(counts);
        Assert.Equal(CountsOf(micros), counts);
        Assert.Equal(micros.Length, LatenciesOf(micros).Total);
    });

    [Fact]
    public void It_crosses_nodes_as_it_is() => Counted.Sample(latencies =>
    {
        Assert.True(LatencyCounts.TryRead(latencies.Bytes.AsSpan(), out var read));
        Assert.Equal(latencies, read);
    });

    [Fact]
    public void Parts_may_be_merged_in_any_order() => Gen.Select(Counted, Counted, Counted).Sample((a, b, c) =>
    {
        Assert.Equal(a + b, b + a);
        Assert.Equal(a + b + c, a + (b + c));
        Assert.Same(a, a + LatencyCounts.Empty);
        Assert.Same(a, LatencyCounts.Empty + a);
    });

    [Fact]
    public void Merged_parts_are_what_counting_all_in_one_place_would_have_given() => Gen.Select(Latencies, Latencies).Sample((a, b) =>
        Assert.Equal(LatenciesOf([.. a, .. b]), LatenciesOf(a) + LatenciesOf(b)));

    [Fact]
    public void An_earlier_reading_and_the_counts_since_then_make_the_later_one() => Gen.Select(Counted, Counted).Sample((earlier, news) =>
        Assert.Equal(news, (earlier + news).Since(earlier)));

    [Fact]
    public void Quantiles_are_within_the_bound_of_those_of_all_latencies_sorted() => Gen.Long[0, 60_000_000].Array[1, 2_000].Sample(micros =>
    {
        var sorted = micros.Order().ToList();
        var told = Quantiles.Of(LatenciesOf(micros))!.Value;
        foreach (var (share, quantile) in (ReadOnlySpan<(decimal, TimeSpan)>)[(0.5m, told.P50), (0.9m, told.P90), (0.99m, told.P99), (0.999m, told.P999)])
        {
            var exact = sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
            Assert.InRange(quantile.TotalMicroseconds, exact - (exact * 0.0625) - 0.5, exact + (exact * 0.0625) + 0.5);
        }
    }, iter: 20);

    [Fact]
    public void Nothing_counted_takes_no_memory()
    {
        Assert.True(LatencyCounts.TryRead([], out var read));
        Assert.Same(LatencyCounts.Empty, read);
        Assert.Same(LatencyCounts.Empty, LatenciesOf());
    }

    [Fact]
    public void A_bucket_holds_no_more_than_can_be_read_back()
    {
        var counts = new long[LatencyHistogram.Length];
        (counts[0], counts[^1]) = (LatencyCounts.MaxCount, long.MaxValue);
        Assert.True(LatencyCounts.TryRead(LatencyCounts.Of(counts).Bytes.AsSpan(), out var read));
        Assert.Equal(2 * LatencyCounts.MaxCount, read.Total);
    }

    [Fact]
    public void Latencies_are_equal_if_their_counts_are()
    {
        var latencies = LatenciesOf(100, 200, 200);
        Assert.Equal((true, true), (latencies.Equals((object)LatenciesOf(200, 100, 200)), latencies.GetHashCode() == LatenciesOf(200, 100, 200).GetHashCode()));
        Assert.Equal((false, false), (latencies.Equals(LatenciesOf(100, 200)), latencies.GetHashCode() == LatenciesOf(100, 200).GetHashCode()));
        Assert.Equal((false, false), (latencies.Equals((object)"latencies"), latencies.Equals(null)));
    }

    [Fact]
    public void Nothing_counted_has_no_quantiles() => Assert.Null(Quantiles.Of(LatencyCounts.Empty));

    [Fact]
    public void One_outlier_in_a_thousand_shows_beyond_the_last_per_mille_only()
    {
        var told = Quantiles.Of(LatenciesOf([.. Enumerable.Repeat(1_000L, 998), 5_000_000, 5_000_000]))!.Value;
        Assert.InRange(told.P99.TotalMilliseconds, 0.93, 1.07);
        Assert.InRange(told.P999.TotalSeconds, 4.68, 5.32);
    }

    [Fact]
    public void A_latency_above_the_last_bucket_counts_as_a_minute() =>
        Assert.InRange(Quantiles.Of(LatenciesOf([3_600_000_000]))!.Value.P50.TotalSeconds, 60, 68);

    [Fact]
    public void Random_bytes_are_refused_or_are_the_only_form_of_what_they_hold() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        if (LatencyCounts.TryRead(bytes, out var latencies))
        {
            var counts = new long[LatencyHistogram.Length];
            latencies.AddTo(counts);
            Assert.Equal(bytes, LatencyCounts.Of(counts).Bytes);
        }
    });

    [Theory]
    [InlineData(new byte[] { 0 })] // A gap without a count.
    [InlineData(new byte[] { 0, 0 })] // An empty bucket.
    [InlineData(new byte[] { 0xC0, 0x01, 1 })] // Bucket 192, one beyond the last.
    [InlineData(new byte[] { 0, 1, 0xBF, 0x01, 1 })] // The same bucket, 191 after the first.
    [InlineData(new byte[] { 0, 0x81, 0x00 })] // One, encoded longer than necessary.
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })] // More than can have been counted.
    public void Bytes_that_are_not_a_histogram_are_refused(byte[] bytes) => Assert.False(LatencyCounts.TryRead(bytes, out _));

    internal static LatencyCounts LatenciesOf(params long[] micros) => LatencyCounts.Of(CountsOf(micros));

    private static long[] CountsOf(long[] micros)
    {
        var counts = new long[LatencyHistogram.Length];
        foreach (var each in micros)
        {
            counts[LatencyHistogram.IndexOf(TimeSpan.FromMicroseconds(each))]++;
        }

        return counts;
    }
}
