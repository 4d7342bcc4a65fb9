using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>The counts of one window, from one replica or several.</summary>
/// <param name="Span">
/// The period covered: up to one slot longer than the window's name says, or shorter if the replica is younger. For several replicas the longest.
/// </param>
/// <param name="PerSecond">The sum of the replicas' rates, each over its own span.</param>
public sealed record WindowReading(AnalyticsWindow Window, TimeSpan Span, double PerSecond, SeriesCounts Counts)
{
    /// <summary>The share of errors, 0 to 1; null if there were no requests.</summary>
    public double? ErrorRatio => Counts.Count == 0 ? null : (double)Counts.Errors / Counts.Count;

    /// <summary>Returns one replica's reading.</summary>
    public static WindowReading Of(AnalyticsWindow window, TimeSpan span, SeriesCounts counts) =>
        new(window, span, span > TimeSpan.Zero ? counts.Count / span.TotalSeconds : 0, counts);

    /// <summary>Merges readings of the same window from two replicas.</summary>
    public static WindowReading operator +(WindowReading a, WindowReading b) => a.Window == b.Window
        ? new(a.Window, a.Span > b.Span ? a.Span : b.Span, a.PerSecond + b.PerSecond, a.Counts + b.Counts)
        : throw new ArgumentException($"{a.Window} and {b.Window} are not the same window", nameof(b));
}

/// <summary>The counts of one series, by window.</summary>
public sealed record SeriesReading(SeriesKey Key, ImmutableArray<WindowReading> Windows)
{
    /// <summary>Merges the readings of several replicas, by key and window.</summary>
    public static ImmutableArray<SeriesReading> Merge(IEnumerable<SeriesReading> readings) =>
    [
        .. readings.GroupBy(reading => reading.Key).OrderBy(group => group.Key).Select(group => new SeriesReading(
            group.Key,
            [
                .. group.SelectMany(reading => reading.Windows).GroupBy(window => window.Window).OrderBy(windows => windows.Key)
                    .Select(windows => windows.Aggregate(static (a, b) => a + b)),
            ])),
    ];

    /// <summary>The largest count of any window.</summary>
    public long Busiest => Windows.IsEmpty ? 0 : Windows.Max(window => window.Counts.Count);
}

/// <summary>Selects readings.</summary>
/// <param name="Kind">Null for all.</param>
/// <param name="Window">Null for all.</param>
public readonly record struct AnalyticsQuery(SeriesKind? Kind = null, AnalyticsWindow? Window = null)
{
    public ImmutableArray<AnalyticsWindow> Windows => Window is { } one ? [one] : AnalyticsWindows.All;

    public bool Wants(SeriesKind kind) => Kind is null || Kind == kind;
}
