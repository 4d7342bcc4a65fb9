using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Analytics;

/// <summary>
/// Splits an answer into parts small enough not to delay other messages between replicas: about 64 KiB each, 32 at most. A busy endpoint takes some
/// 700 bytes in all three windows, so 3,000 fit; beyond that the least busy are left out, and counted.
/// </summary>
internal static class AnalyticsParts
{
    public const int MaxParts = 32;

    private const int PartBytes = 64 * 1024;

    /// <summary>The maximum size of a series and a window without names and histograms.</summary>
    private const int FixedBytes = 40;

    public static ImmutableArray<AnalyticsGiven> Of(long question, ImmutableArray<SeriesReading> series)
    {
        // Series of zeros are not needed. Routes and pools are few, and come first.
        var told = series.Where(one => one.Busiest > 0).OrderBy(one => one.Key.Kind).ThenByDescending(one => one.Busiest).ToList();
        var parts = new List<ImmutableArray<SeriesReading>>();
        var at = 0;
        while (at < told.Count && parts.Count < MaxParts)
        {
            var part = ImmutableArray.CreateBuilder<SeriesReading>();
            for (var bytes = 0; at < told.Count && (part.Count == 0 || bytes + BytesOf(told[at]) <= PartBytes); at++)
            {
                bytes += BytesOf(told[at]);
                part.Add(told[at]);
            }

            parts.Add(part.ToImmutable());
        }

        var leftOut = told.Count - at;
        return parts.Count == 0
            ? [new(question, 0, 1, 0, [])]
            : [.. parts.Select((part, index) => new AnalyticsGiven(question, index, parts.Count, leftOut, part))];
    }

    private static int BytesOf(SeriesReading series) =>
        FixedBytes + Encoding.UTF8.GetByteCount(series.Key.Pool) + Encoding.UTF8.GetByteCount(series.Key.Name) +
        series.Windows.Sum(window => FixedBytes + window.Counts.Durations.Bytes.Length + window.Counts.FirstBytes.Bytes.Length);
}
