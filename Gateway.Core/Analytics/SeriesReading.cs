using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>What was counted in one window, by one replica or by several.</summary>
/// <param name="Span">What the window covers: up to a slot more than its name says, or less where the replica is younger. Of several replicas the longest.</param>
/// <param name="PerSecond">Each replica's count by its own time, added up.</param>
public sealed record WindowReading(AnalyticsWindow Window, TimeSpan Span, double PerSecond, SeriesCounts Counts)
{
    /// <summary>Errors among what was counted, 0 to 1; null: nothing was.</summary>
    public double? ErrorRatio => Counts.Count == 0 ? null : (double)Counts.Errors / Counts.Count;

    /// <summary>What one replica has counted.</summary>
    public static WindowReading Of(AnalyticsWindow window, TimeSpan span, SeriesCounts counts) =>
        new(window, span, span > TimeSpan.Zero ? counts.Count / span.TotalSeconds : 0, counts);

    /// <summary>The same window of several replicas.</summary>
    public static WindowReading operator +(WindowReading a, WindowReading b) => a.Window == b.Window
        ? new(a.Window, a.Span > b.Span ? a.Span : b.Span, a.PerSecond + b.PerSecond, a.Counts + b.Counts)
        : throw new ArgumentException($"{a.Window} and {b.Window} are not the same window", nameof(b));
}

/// <summary>What was counted of one thing, by window.</summary>
public sealed record SeriesReading(SeriesKey Key, ImmutableArray<WindowReading> Windows)
{
    /// <summary>What several replicas have counted, together: by key, each window that any of them tells of.</summary>
    public static ImmutableArray<SeriesReading> Merge(IEnumerable<SeriesReading> readings) =>
    [
        .. readings.GroupBy(reading => reading.Key).OrderBy(group => group.Key).Select(group => new SeriesReading(
            group.Key,
            [
                .. group.SelectMany(reading => reading.Windows).GroupBy(window => window.Window).OrderBy(windows => windows.Key)
                    .Select(windows => windows.Aggregate(static (a, b) => a + b)),
            ])),
    ];

    /// <summary>The most that any of its windows counted.</summary>
    public long Busiest => Windows.IsEmpty ? 0 : Windows.Max(window => window.Counts.Count);
}

/// <summary>Which readings are wanted.</summary>
/// <param name="Kind">Null: all.</param>
/// <param name="Window">Null: all.</param>
public readonly record struct AnalyticsQuery(SeriesKind? Kind = null, AnalyticsWindow? Window = null)
{
    public ImmutableArray<AnalyticsWindow> Windows => Window is { } one ? [one] : AnalyticsWindows.All;

    public bool Wants(SeriesKind kind) => Kind is null || Kind == kind;
}
