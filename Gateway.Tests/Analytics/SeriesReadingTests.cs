using CsCheck;
using Gateway.Core.Analytics;

namespace Gateway.Tests.Analytics;

/// <summary>Merging the counts of several replicas.</summary>
public sealed class SeriesReadingTests
{
    private static readonly SeriesKey[] Keys = [SeriesKey.Route("a"), SeriesKey.OfPool("a"), SeriesKey.OfPool("b"), SeriesKey.Endpoint("a", "b")];

    private static readonly Gen<SeriesCounts> Counted = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 50], Gen.Long[1, 10_000_000].Array[0, 30])
        .Select((count, errors, micros) => new SeriesCounts(count, errors, LatencyCountsTests.LatenciesOf(micros), LatencyCountsTests.LatenciesOf(micros)));

    private static readonly Gen<WindowReading> Windows = Gen.Select(Gen.Int[0, 2].Select(i => AnalyticsWindows.All[i]), Gen.Int[1, 900], Counted)
        .Select((window, seconds, counted) => WindowReading.Of(window, TimeSpan.FromSeconds(seconds), counted) with { PerSecond = counted.Count }); // Integers, so that sums are exact.

    private static readonly Gen<SeriesReading[]> Replicas =
        Gen.Select(Gen.Int[0, 3].Select(i => Keys[i]), Windows)
            .Select((key, window) => new SeriesReading(key, [window])).Array[0, 6];

    [Fact]
    public void Counts_form_a_sum_with_nothing_as_its_identity() => Gen.Select(Counted, Counted, Counted).Sample((a, b, c) =>
    {
        Assert.Equal(a + b, b + a);
        Assert.Equal(a + b + c, a + (b + c));
        Assert.Equal(a, a + SeriesCounts.None);
        Assert.Equal(b, (a + b).Since(a));
    });

    [Fact]
    public void Replicas_may_be_merged_in_any_order_and_any_grouping() => Gen.Select(Replicas, Replicas, Replicas).Sample((a, b, c) =>
    {
        var all = Flat(SeriesReading.Merge([.. a, .. b, .. c]));
        Assert.Equal(all, Flat(SeriesReading.Merge([.. c, .. a, .. b])));
        Assert.Equal(all, Flat(SeriesReading.Merge([.. SeriesReading.Merge([.. b, .. a]), .. c])));
        Assert.Equal(all, Flat(SeriesReading.Merge([.. a, .. SeriesReading.Merge([.. b, .. c])])));
    });

    [Fact]
    public void Rates_add_up_each_by_its_own_time_and_ratios_by_requests()
    {
        var old = Reading(600, 300, 30, 1_000);
        var young = Reading(100, 10, 0, 2_000);
        var window = Assert.Single(Assert.Single(SeriesReading.Merge([old, young])).Windows);
        Assert.Equal(
            (TimeSpan.FromSeconds(300), 12.0, 700L, 30 / 700.0), (window.Span, window.PerSecond, window.Counts.Count, window.ErrorRatio!.Value));
        Assert.InRange(Quantiles.Of(window.Counts.Durations)!.Value.P99.TotalMilliseconds, 1.87, 2.13);

        static SeriesReading Reading(int count, int seconds, int errors, long micros) => new(SeriesKey.OfPool("a"), [
            WindowReading.Of(AnalyticsWindow.FiveMinutes, TimeSpan.FromSeconds(seconds), new(
                count, errors, LatencyCountsTests.LatenciesOf([.. Enumerable.Repeat(micros, count)]), LatencyCounts.Empty)),
        ]);
    }

    [Fact]
    public void Windows_of_different_length_are_not_added() => Assert.StartsWith("OneMinute and FiveMinutes are not the same window", Assert.Throws<ArgumentException>(() =>
        Counting(AnalyticsWindow.OneMinute, 1) + Counting(AnalyticsWindow.FiveMinutes, 1)).Message);

    [Fact]
    public void Merged_readings_are_in_the_order_of_their_keys_and_windows()
    {
        SeriesReading[] readings =
        [
            .. Keys.Reverse().Select(key => new SeriesReading(key, [Counting(AnalyticsWindow.FifteenMinutes, 1), Counting(AnalyticsWindow.OneMinute, 1), Counting(AnalyticsWindow.FiveMinutes, 1)])),
        ];
        var merged = SeriesReading.Merge(readings);
        Assert.Equal(Keys, merged.Select(reading => reading.Key));
        Assert.All(merged, reading => Assert.Equal(AnalyticsWindows.All, reading.Windows.Select(window => window.Window)));
    }

    [Fact]
    public void A_series_is_as_busy_as_its_busiest_window()
    {
        Assert.Equal(7, new SeriesReading(Keys[0], [Counting(AnalyticsWindow.OneMinute, 3), Counting(AnalyticsWindow.FiveMinutes, 7)]).Busiest);
        Assert.Equal(0, new SeriesReading(Keys[0], []).Busiest);
    }

    private static WindowReading Counting(AnalyticsWindow window, long count) => WindowReading.Of(window, TimeSpan.FromSeconds(30), SeriesCounts.None with { Count = count });

    private static IEnumerable<(SeriesKey, WindowReading)> Flat(IEnumerable<SeriesReading> readings) =>
        readings.SelectMany(reading => reading.Windows.Select(window => (reading.Key, window)));
}
