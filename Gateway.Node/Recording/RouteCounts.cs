using System.Collections.Concurrent;
using Gateway.Core.Analytics;

namespace Gateway.Node.Recording;

/// <summary>What is counted of routes, by name: a route that a reload changes goes on counting.</summary>
internal sealed class RouteCounts
{
    private readonly ConcurrentDictionary<string, RouteSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Of which the last call to <see cref="Keep"/> knew nothing.</summary>
    private HashSet<string> _unknown = [];

    private int _lanes;

    /// <summary>Requests that no route took.</summary>
    public RouteSeries None { get; } = new(SeriesKey.None);

    /// <summary>All routes, and what no route took.</summary>
    public IReadOnlyCollection<RouteSeries> All => [None, .. _series.Values];

    /// <summary>The number of one more loop that counts.</summary>
    public int AddLane() => Interlocked.Increment(ref _lanes) - 1;

    public RouteSeries Of(string name) => _series.GetOrAdd(name, static name => new(name));

    /// <summary>
    /// Drops what is counted of routes that are unknown twice in a row, and has the known ones counted from now on, used or not. Once is not enough: a reload may have
    /// come after the names were read, and a loop would go on counting a new route where nobody looks.
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
