using System.Runtime.CompilerServices;
using Gateway.Core.Analytics;
using Gateway.Core.Pools;
using Gateway.Node.Recording;
using Gateway.Node.Routing;
using Gateway.Tests.Analytics;

namespace Gateway.Tests.Recording;

/// <summary>The loops' counts of routes.</summary>
public sealed class RouteLaneTests
{
    private readonly RouteCounts _counts = new();

    [Fact]
    public void Loops_count_apart_and_are_read_together()
    {
        var route = RouteOf("shop");
        foreach (var lane in (RouteLane[])[new(_counts), new(_counts)])
        {
            lane.Of(route).Ended(TimeSpan.FromMilliseconds(1), 200);
            lane.Of(route).Ended(TimeSpan.FromMilliseconds(2), 500);
        }

        var read = _counts.Of("shop").Read();
        Assert.Equal((4L, 2L, LatencyCountsTests.LatenciesOf(1_000, 1_000, 2_000, 2_000)), (read.Count, read.Errors, read.Durations));
    }

    [Fact]
    public void A_route_goes_on_counting_when_a_reload_has_made_it_anew()
    {
        var lane = new RouteLane(_counts);
        lane.Of(RouteOf("shop")).Ended(TimeSpan.Zero, 200);
        lane.Of(RouteOf("other")).Ended(TimeSpan.Zero, 200);
        lane.Of(RouteOf("shop")).Ended(TimeSpan.Zero, 200);
        Assert.Equal((2L, 1L), (_counts.Of("shop").Read().Count, _counts.Of("other").Read().Count));
    }

    [Fact]
    public void A_route_that_is_gone_is_forgotten_and_one_that_nobody_has_used_is_there()
    {
        var lane = new RouteLane(_counts);
        lane.Of(RouteOf("old")).Ended(TimeSpan.Zero, 200);
        _counts.Keep(new HashSet<string> { "new" });
        Assert.Contains(_counts.All, series => series.Key.Name == "old"); // It may be newer than the names.
        _counts.Keep(new HashSet<string> { "new" });
        Assert.Equal(["new", SeriesKey.None], _counts.All.Select(series => series.Key.Name).Order(StringComparer.Ordinal));
        lane.Of(null).Ended(TimeSpan.Zero, 200);
        Assert.Equal((0L, 1L), (_counts.Of("new").Read().Count, _counts.None.Read().Count));
    }

    [Fact]
    public void A_route_that_a_loop_uses_before_its_name_is_known_goes_on_counting()
    {
        var (lane, route) = (new RouteLane(_counts), RouteOf("new"));
        _counts.Keep(new HashSet<string> { "old" });
        lane.Of(route).Ended(TimeSpan.Zero, 200);
        _counts.Keep(new HashSet<string> { "old" }); // Read before the reload.
        _counts.Keep(new HashSet<string> { "new" });
        lane.Of(route).Ended(TimeSpan.Zero, 200);
        Assert.Equal(2, _counts.Of("new").Read().Count);
    }

    [Fact]
    public void Nothing_keeps_a_route_that_is_gone()
    {
        var lane = new RouteLane(_counts);
        var route = Use(lane);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(route.IsAlive);
        Assert.Equal(1, _counts.Of("shop").Read().Count);
        GC.KeepAlive(lane);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Use(RouteLane lane)
        {
            var route = RouteOf("shop");
            lane.Of(route).Ended(TimeSpan.Zero, 200);
            return new(route);
        }
    }

    [Fact]
    public void Counting_a_request_allocates_nothing()
    {
        var (lane, route) = (new RouteLane(_counts), RouteOf("shop"));
        Count();
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Count();
            }
        });

        void Count() => lane.Of(route).Ended(TimeSpan.FromMilliseconds(1), 500);
    }

    private static Route<Pool> RouteOf(string name) => new(new() { Name = name, Pool = "default" }, null);
}
