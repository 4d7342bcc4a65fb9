using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>
/// The last 15 minutes of all traffic counts, in slots of 15 s. Sources never reset; the increase since the previous read is added to the slot in which the read
/// takes place. Times come from the monotonic clock: if a reading goes backwards, time stands still; if it jumps ahead, the skipped slots stay empty, so older
/// counts age accordingly. Not thread-safe.
/// </summary>
/// <remarks>
/// Memory per key: about 1.2 KB, plus 56 bytes for each slot with traffic and its two histograms, which take two or three bytes for each bucket in use:
/// about 10 KB for a busy key, 100 KB at most.
/// </remarks>
public sealed class AnalyticsBook
{
    private readonly TimeSpan _start;
    private readonly Dictionary<ISeriesSource, SeriesCounts> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SeriesKey, SeriesHistory> _histories = [];
    private TimeSpan _now;

    /// <summary>Slots since the start, the current one included.</summary>
    private long _slot;

    /// <param name="start">The time at which counting began.</param>
    public AnalyticsBook(TimeSpan start) => (_start, _now) = (start, start);

    /// <summary>Whether a slot has ended since the last read.</summary>
    public bool IsDue(TimeSpan now) => SlotAt(now) > _slot;

    /// <summary>Reads all sources, and those that left since the last read once more. Removes keys that no source counts any more.</summary>
    /// <param name="kept">Keys to keep even if no source counts them; they need not exist.</param>
    public void Take(TimeSpan now, IReadOnlyCollection<ISeriesSource> sources, IReadOnlySet<SeriesKey>? kept = null)
    {
        var present = kept?.ToHashSet() ?? [];
        foreach (var source in sources)
        {
            var counts = source.Read();
            var news = counts.Since(_seen.GetValueOrDefault(source, SeriesCounts.None));
            _seen[source] = counts;
            present.Add(source.Key);
            HistoryOf(source.Key).Add(_slot, news);
        }

        TakeGone(sources);
        Forget(present);
        _now = now > _now ? now : _now;
        _slot = SlotAt(_now);
    }

    /// <summary>Returns the counts up to the last read, by key.</summary>
    public ImmutableArray<SeriesReading> Read(AnalyticsQuery query)
    {
        var spans = query.Windows.Select(window => (Window: window, Span: SpanOf(window))).ToList();
        return
        [
            .. _histories.Where(history => query.Wants(history.Key.Kind)).OrderBy(history => history.Key).Select(history => new SeriesReading(
                history.Key, [.. spans.Select(s => WindowReading.Of(s.Window, s.Span, history.Value.Sum(_slot - s.Window.Slots(), _slot)))])),
        ];
    }

    private long SlotAt(TimeSpan now) => Math.Max(_slot, (now - _start).Ticks / AnalyticsWindows.Slot.Ticks);

    private TimeSpan SpanOf(AnalyticsWindow window)
    {
        var first = Math.Max(0, _slot - window.Slots());
        return _now - _start - (first * AnalyticsWindows.Slot);
    }

    private SeriesHistory HistoryOf(SeriesKey key)
    {
        if (!_histories.TryGetValue(key, out var history))
        {
            _histories.Add(key, history = new());
        }

        return history;
    }

    /// <summary>Adds what a removed source counted between the last read and its removal.</summary>
    private void TakeGone(IReadOnlyCollection<ISeriesSource> sources)
    {
        if (_seen.Count <= sources.Count)
        {
            return;
        }

        var still = new HashSet<ISeriesSource>(sources, ReferenceEqualityComparer.Instance);
        foreach (var (gone, seen) in _seen.Where(source => !still.Contains(source.Key)).ToList())
        {
            HistoryOf(gone.Key).Add(_slot, gone.Read().Since(seen));
            _seen.Remove(gone);
        }
    }

    private void Forget(HashSet<SeriesKey> present)
    {
        foreach (var gone in _histories.Keys.Where(key => !present.Contains(key)).ToList())
        {
            _histories.Remove(gone);
        }
    }
}
