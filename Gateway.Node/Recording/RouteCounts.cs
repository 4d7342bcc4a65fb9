using System.Collections.Concurrent;
using Gateway.Core.Analytics;

namespace Gateway.Node.Recording;

/// <summary>The counts of routes, by name: a route that a reload changes keeps its counts.</summary>
internal sealed class RouteCounts
{
    private readonly ConcurrentDictionary<string, RouteSeries> _series = new(StringComparer.Ordinal);

    /// <summary>The names unknown at the last call to <see cref="Keep"/>.</summary>
    private HashSet<string> _unknown = [];

    private int _lanes;

    /// <summary>Requests without a route.</summary>
    public RouteSeries None { get; } = new(SeriesKey.None);

    /// <summary>All routes, and requests without one.</summary>
    public IReadOnlyCollection<RouteSeries> All => [None, .. _series.Values];

    /// <summary>The number of a new loop.</summary>
    public int AddLane() => Interlocked.Increment(ref _lanes) - 1;

    public RouteSeries Of(string name) => _series.GetOrAdd(name, static name => new(name));

    /// <summary>
    /// Drops the counts of routes that are unknown twice in a row, and creates those of known routes, used or not. Once is not enough: a reload may have come
    /// after the names were read, and a loop would count a new route in a dropped series.
    /// </summary>
    public void Keep(IReadOnlySet<string> names)
    {
        var unknown = _series.Keys.Where(name => !names.Contains(name)).ToHashSet();
        foreach (var gone in unknown.Where(_unknown.Contains))
        {
            _series.TryRemove(gone, out _);
        }

        _unknown = unknown;
        foreach (var name in names)
        {
            Of(name);
        }
    }
}
