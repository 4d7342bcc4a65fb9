using Gateway.Core.Analytics;
using Gateway.Core.Pools;
using Gateway.Node.Routing;

namespace Gateway.Node.Recording;

/// <summary>Finds one loop's counters of a route: in the route itself, by the lane's number. Used by the loop only.</summary>
internal sealed class RouteLane
{
    private readonly RouteCounts _counts;
    private readonly int _number;

    public RouteLane(RouteCounts counts)
    {
        (_counts, _number) = (counts, counts.AddLane());
        None = counts.None.TallyOf(this);
    }

    /// <summary>Counts requests without a route.</summary>
    public LoopTally None { get; }

    /// <param name="route">Null: the request matched no route.</param>
    public LoopTally Of(Route<Pool>? route) => route is null ? None : route.Tallies.Of(_number) ?? Find(route);

    /// <summary>Runs once per route after a reload.</summary>
    private LoopTally Find(Route<Pool> route)
    {
        var tally = _counts.Of(route.Settings.Name).TallyOf(this);
        route.Tallies.Set(_number, tally);
        return tally;
    }
}
