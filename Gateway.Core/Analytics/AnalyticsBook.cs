using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>
/// The last quarter of an hour of all that is counted, in slots of 15 s. Sources count for ever; what they have counted since they were last looked at goes into
/// the slot in which that look was. Time is the monotonic clock's: one that goes back is taken for standing still, and a leap leaves the slots that it passes over
/// empty, so what was counted before a pause ages by it. One caller at a time.
/// </summary>
/// <remarks>
/// Memory of each key: about 1.2 KB, and for each slot with traffic 56 bytes and those of its two histograms, which take two or three bytes for each bucket that is
/// in use: around 10 KB for one that is busy, and 100 KB at the very most.
/// </remarks>
public sealed class AnalyticsBook
{
    private readonly TimeSpan _start;
    private readonly Dictionary<ISeriesSource, SeriesCounts> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SeriesKey, SeriesHistory> _histories = [];
    private TimeSpan _now;

    /// <summary>Slots since the start, up to the one that is being filled.</summary>
    private long _slot;

    /// <param name="start">When counting began.</param>
    public AnalyticsBook(TimeSpan start) => (_start, _now) = (start, start);

    /// <summary>Whether a slot has ended since the last look.</summary>
    public bool IsDue(TimeSpan now) => SlotAt(now) > _slot;

    /// <summary>Looks at all sources, and once more at those that have left since the last look. What is counted for by none is forgotten.</summary>
    /// <param name="kept">What is not forgotten, though nothing may count for it any more; it needs not be there.</param>
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

    /// <summary>What was counted up to the last look, by key.</summary>
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

    /// <summary>What a source counted between the last look and its leaving still counts.</summary>
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
