using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Analytics;

/// <summary>
/// An answer in parts, none so long that what else replicas tell each other would have to wait for it: parts of about 64 KiB, 32 at most. A busy endpoint takes some
/// 700 bytes in all three windows, so 3,000 fit; of more the least busy are left out, and counted.
/// </summary>
internal static class AnalyticsParts
{
    public const int Most = 32;

    private const int PartBytes = 64 * 1024;

    /// <summary>What a series and a window take besides names and histograms, at most.</summary>
    private const int FixedBytes = 40;

    public static ImmutableArray<AnalyticsGiven> Of(long question, ImmutableArray<SeriesReading> series)
    {
        // Nobody misses what is all zeros. Routes and pools are few, and first.
        var told = series.Where(one => one.Busiest > 0).OrderBy(one => one.Key.Kind).ThenByDescending(one => one.Busiest).ToList();
        var parts = new List<ImmutableArray<SeriesReading>>();
        var at = 0;
        while (at < told.Count && parts.Count < Most)
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
