using System.Collections.Immutable;
using Gateway.Core.Analytics;

namespace Gateway.Node.Routing;

/// <summary>Each loop's counters of a route, stored with the route: nothing else has to remember removed routes.</summary>
internal sealed class RouteTallies
{
    private ImmutableArray<LoopTally?> _byLoop = [];

    /// <summary>A loop's counters; null if it has not counted for the route yet.</summary>
    public LoopTally? Of(int loop) => _byLoop is var tallies && loop < tallies.Length ? tallies[loop] : null;

    public void Set(int loop, LoopTally tally) => ImmutableInterlocked.Update(
        ref _byLoop,
        static (tallies, set) => (set.Loop < tallies.Length ? tallies : tallies.AddRange(new LoopTally?[set.Loop + 1 - tallies.Length])).SetItem(set.Loop, set.Tally),
        (Loop: loop, Tally: tally));
}
