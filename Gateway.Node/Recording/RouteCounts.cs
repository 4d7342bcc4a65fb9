using System.Collections.Concurrent;
using Gateway.Core.Analytics;

namespace Gateway.Node.Recording;

/// <summary>What is counted of routes, by name: a route that a reload changes goes on counting.</summary>
internal sealed class RouteCounts
{
    private readonly ConcurrentDictionary<string, RouteSeries> _series = new(StringComparer.Ordinal);

    public ICollection<RouteSeries> All => _series.Values;

    public RouteSeries Of(string name) => _series.GetOrAdd(name, static name => new(name));

    /// <summary>Drops what is counted of routes that there are no more, and has those that there are counted from now on, used or not.</summary>
    public void Keep(IReadOnlySet<string> names)
    {
        foreach (var gone in _series.Keys.Where(name => name != SeriesKey.None && !names.Contains(name)))
        {
            _series.TryRemove(gone, out _);
        }

        foreach (var name in names)
        {
            Of(name);
        }
    }
}
