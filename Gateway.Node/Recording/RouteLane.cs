using Gateway.Core.Analytics;
using Gateway.Core.Pools;
using Gateway.Node.Routing;

namespace Gateway.Node.Recording;

/// <summary>Where one loop finds what it counts of a route: by the route's place among all, so by one comparison. Used by the loop alone.</summary>
internal sealed class RouteLane
{
    private readonly RouteCounts _counts;
    private (Route<Pool>? Route, LoopTally Tally)[] _byPlace = [];

    public RouteLane(RouteCounts counts)
    {
        _counts = counts;
        None = counts.Of(SeriesKey.None).TallyOf(this);
    }

    /// <summary>Counts requests that no route took.</summary>
    public LoopTally None { get; }

    /// <param name="route">Null: no route took the request.</param>
    public LoopTally Of(Route<Pool>? route)
    {
        if (route is null)
        {
            return None;
        }

        var known = _byPlace;
        return route.Place < known.Length && ReferenceEquals(known[route.Place].Route, route) ? known[route.Place].Tally : Find(route);
    }

    /// <summary>Once for each route after a reload.</summary>
    private LoopTally Find(Route<Pool> route)
    {
        if (route.Place >= _byPlace.Length)
        {
            Array.Resize(ref _byPlace, route.Place + 1);
        }

        var tally = _counts.Of(route.Settings.Name).TallyOf(this);
        _byPlace[route.Place] = (route, tally);
        return tally;
    }
}
