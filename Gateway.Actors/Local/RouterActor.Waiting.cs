using Akka.Actor;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>Detects stalled endpoints periodically: one timer per pool, at no cost to requests.</summary>
public sealed partial class RouterActor
{
    private StallRound _stalls = StallRound.Begin(TimeSpan.Zero);

    private void CheckForStalls()
    {
        (_stalls, var changes) = _stalls.Look(_pool.Snapshot.Members, _tail, _clock.Ran);
        foreach (var (endpoint, stalled) in changes)
        {
            if (_actors.TryGetValue(endpoint.Address, out var actor))
            {
                actor.Tell(new TrafficStalled(stalled));
            }
        }
    }
}
