using System.Collections.Immutable;
using Gateway.Core.Analytics;

namespace Gateway.Node.Routing;

/// <summary>What each loop counts of a route, found by the route: so nothing else has to remember routes that are gone.</summary>
internal sealed class RouteTallies
{
    private ImmutableArray<LoopTally?> _byLoop = [];

    /// <summary>What a loop counts; null: it has not counted anything of the route yet.</summary>
    public LoopTally? Of(int loop) => _byLoop is var tallies && loop < tallies.Length ? tallies[loop] : null;

    public void Set(int loop, LoopTally tally) => ImmutableInterlocked.Update(
        ref _byLoop,
        static (tallies, set) => (set.Loop < tallies.Length ? tallies : tallies.AddRange(new LoopTally?[set.Loop + 1 - tallies.Length])).SetItem(set.Loop, set.Tally),
        (Loop: loop, Tally: tally));
}
