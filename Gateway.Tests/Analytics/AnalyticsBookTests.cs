using CsCheck;
using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Analytics;

/// <summary>Minutes in virtual time.</summary>
public sealed class AnalyticsBookTests
{
    private static readonly SeriesKey Key = SeriesKey.OfPool("default");

    private readonly AnalyticsBook _book = new(TimeSpan.FromSeconds(1000));
    private readonly Source _source = new(Key);
    private double _second;

    [Fact]
    public void Nothing_has_been_counted_before_the_first_look() => Assert.Empty(_book.Read(default));

    [Fact]
    public void A_young_replica_has_rates_of_the_time_that_it_has_been_there()
    {
        _source.Count(30);
        Pass(10);
        Assert.Equal((TimeSpan.FromSeconds(10), 3.0), (Window(AnalyticsWindow.OneMinute).Span, Window(AnalyticsWindow.FifteenMinutes).PerSecond));
    }

    [Fact]
    public void No_time_has_no_rate()
    {
        _source.Count(30);
        Pass(0);
        Assert.Equal((TimeSpan.Zero, 0.0, 30L), (Window(AnalyticsWindow.OneMinute).Span, Window(AnalyticsWindow.OneMinute).PerSecond, Window(AnalyticsWindow.OneMinute).Counts.Count));
    }

    [Fact]
    public void Steady_traffic_has_the_same_rate_over_each_window()
    {
        for (var i = 0; i < 240; i++)
        {
            _source.Count(35, errors: 5);
            Pass(5);
        }

        Assert.All(AnalyticsWindows.All, window =>
        {
            var reading = Window(window);
            Assert.InRange(reading.Span, TimeSpan.FromMinutes((int)window), TimeSpan.FromMinutes((int)window) + AnalyticsWindows.Slot);
            Assert.InRange(reading.PerSecond, 6.8, 7.2);
            Assert.Equal(1.0 / 7, reading.ErrorRatio!.Value, 6);
        });
    }

    [Fact]
    public void A_slow_request_leaves_the_windows_one_after_the_other()
    {
        _source.Count(1, micros: 5_000_000);
        Pass(1);
        Assert.Equal([1, 1, 1], Counts());
        Pass(59);
        Assert.Equal([1, 1, 1], Counts());
        Pass(15);
        Assert.Equal([0, 1, 1], Counts());
        Assert.Null(Quantiles.Of(Window(AnalyticsWindow.OneMinute).Counts.Durations));
        Assert.Null(Window(AnalyticsWindow.OneMinute).ErrorRatio);
        Assert.NotNull(Quantiles.Of(Window(AnalyticsWindow.FiveMinutes).Counts.Durations));
        Pass(240);
        Assert.Equal([0, 0, 1], Counts());
        Pass(600);
        Assert.Equal([0, 0, 0], Counts());
    }

    [Fact]
    public void A_slot_is_not_taken_for_the_one_of_a_quarter_of_an_hour_before()
    {
        for (var i = 0; i < 300; i++)
        {
            Pass(15);
            _source.Count(1);
        }

        Pass(1);
        Assert.Equal([5, 21, 61], Counts());
    }

    [Fact]
    public void A_leap_of_the_clock_ages_what_was_counted_before()
    {
        Pass(3600);
        _source.Count(5);
        Pass(1);
        _source.Count(3);
        Pass(200);
        Assert.Equal([0, 8, 8], Counts());
        Pass(100_000);
        _source.Count(2);
        Pass(1);
        Assert.Equal([2, 2, 2], Counts());
        Assert.InRange(Window(AnalyticsWindow.OneMinute).Span, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(75));
    }

    [Fact]
    public void A_clock_that_goes_back_stands_still()
    {
        Pass(100);
        _source.Count(4);
        Pass(1);
        Pass(-90);
        Assert.Equal([4, 4, 4], Counts());
        Assert.Equal(TimeSpan.FromSeconds(101), Window(AnalyticsWindow.FifteenMinutes).Span);
        _source.Count(1);
        Pass(90);
        Assert.Equal([5, 5, 5], Counts());
    }

    [Fact]
    public void A_look_at_any_time_loses_and_doubles_nothing() => Gen.Select(Gen.Double[0.01, 20], Gen.Int[0, 9]).Array[1, 20].Sample(steps =>
    {
        var (book, source, now, total) = (new AnalyticsBook(TimeSpan.Zero), new Source(Key), 0.0, 0L);
        foreach (var (seconds, count) in steps)
        {
            source.Count(count);
            (now, total) = (now + seconds, total + count);
            book.Take(TimeSpan.FromSeconds(now), [source]);
        }

        var counted = Assert.Single(book.Read(new(Window: AnalyticsWindow.FifteenMinutes))).Windows[0].Counts;
        Assert.Equal((total, total, total), (counted.Count, counted.Durations.Total, counted.FirstBytes.Total));
    });

    [Fact]
    public void Several_sources_may_count_for_one_key_and_one_that_leaves_takes_nothing_along()
    {
        var other = new Source(Key);
        _source.Count(3);
        other.Count(3);
        _book.Take(At(1), [_source, other]);
        Assert.Equal([6, 6, 6], Counts());
        _source.Count(1);
        other.Count(2); // Just before it left.
        _book.Take(At(2), [_source]);
        Assert.Equal([9, 9, 9], Counts());
        other.Count(5);
        _book.Take(At(3), [_source]);
        Assert.Equal([9, 9, 9], Counts());
    }

    [Fact]
    public void A_series_that_is_kept_stays_while_nothing_is_counted_for_it()
    {
        _source.Count(3);
        _book.Take(At(1), [_source], new HashSet<SeriesKey> { Key });
        _source.Count(1);
        _book.Take(At(2), [], new HashSet<SeriesKey> { Key, SeriesKey.OfPool("unused") });
        Assert.Equal([4, 4, 4], Counts());
        _book.Take(At(3), []);
        Assert.Empty(_book.Read(default));
    }

    [Fact]
    public void A_series_without_a_source_is_forgotten()
    {
        var endpoint = new Source(SeriesKey.Endpoint("default", "10.0.0.1:80"));
        endpoint.Count(3);
        _book.Take(At(1), [_source, endpoint]);
        Assert.Equal(2, _book.Read(default).Length);
        _book.Take(At(2), [_source]);
        Assert.Equal(Key, Assert.Single(_book.Read(default)).Key);

        endpoint.Count(1);
        _book.Take(At(3), [_source, endpoint]);
        Assert.Equal(4, _book.Read(new(SeriesKind.Endpoint))[0].Windows[0].Counts.Count); // A source that comes back is new: its counts start from now.
    }

    [Fact]
    public void Only_the_requested_series_are_read()
    {
        _book.Take(At(1), [_source, new Source(SeriesKey.Route("shop"))]);
        var only = Assert.Single(_book.Read(new(SeriesKind.Route, AnalyticsWindow.FiveMinutes)));
        Assert.Equal((SeriesKey.Route("shop"), AnalyticsWindow.FiveMinutes), (only.Key, Assert.Single(only.Windows).Window));
    }

    [Fact]
    public void Readings_are_in_the_order_of_their_keys()
    {
        SeriesKey[] ordered = [SeriesKey.Route("a"), SeriesKey.Route("b"), Key, SeriesKey.Endpoint("default", "10.0.0.1:80")];
        _book.Take(At(1), [.. ordered.Reverse().Select(key => new Source(key))]);
        Assert.Equal(ordered, _book.Read(default).Select(reading => reading.Key));
    }

    [Fact]
    public void Errors_counted_after_their_requests_do_not_exceed_those_of_a_window()
    {
        _source.Count(2);
        Pass(15);
        _source.Count(0, errors: 2);
        Pass(60);
        Assert.Equal([0, 2, 2], Counts());
        Assert.Equal([0, 2, 2], AnalyticsWindows.All.Select(window => Window(window).Counts.Errors));
    }

    [Fact]
    public void A_look_is_due_when_a_slot_has_ended()
    {
        _book.Take(At(14), [_source]);
        Assert.False(_book.IsDue(At(14.9)));
        Assert.True(_book.IsDue(At(15)));
        _book.Take(At(15), [_source]);
        Assert.False(_book.IsDue(At(15)));
    }

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(1000 + second);

    private WindowReading Window(AnalyticsWindow window) => Assert.Single(Assert.Single(_book.Read(new(Window: window))).Windows);

    private long[] Counts() => [.. AnalyticsWindows.All.Select(window => Window(window).Counts.Count)];

    private void Pass(double seconds)
    {
        _second += seconds;
        _book.Take(At(_second), [_source]);
    }

    private sealed class Source(SeriesKey key) : ISeriesSource
    {
        private readonly long[] _latencies = new long[LatencyHistogram.Length];
        private long _count;
        private long _errors;

        public SeriesKey Key => key;

        public void Count(int count, long micros = 1_000, int errors = 0)
        {
            _latencies[LatencyHistogram.IndexOf(TimeSpan.FromMicroseconds(micros))] += count;
            (_count, _errors) = (_count + count, _errors + errors);
        }

        public SeriesCounts Read()
        {
            var latencies = LatencyCounts.Of(_latencies);
            return new(_count, _errors, latencies, latencies);
        }
    }
}
