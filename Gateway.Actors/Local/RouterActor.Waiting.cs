using Akka.Actor;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;

namespace Gateway.Actors.Local;

/// <summary>Detects stalled endpoints periodically: one timer per pool, at no cost to requests.</summary>
public sealed partial class RouterActor
{
    /// <summary>The endpoints with waiting attempts at the last sample.</summary>
    private readonly Dictionary<EndpointAddress, (StallWatch Watch, TimeSpan? Tail)> _watches = [];
    private TimeSpan _lookedAt;

    private void CheckForStalls()
    {
        var now = _clock.Ran;
        var since = now - _lookedAt;
        _lookedAt = now;
        foreach (var member in _pool.Snapshot.Members)
        {
            var (cell, address) = (member.Cell, member.Id.Address);
            var waiting = cell.Waiting;
            if (waiting == 0 && !_watches.ContainsKey(address))
            {
                continue;
            }

            var (before, lastTail) = _watches.GetValueOrDefault(address, (new StallWatch { Successes = cell.Answers }, null));

            // Without answers in the last ten seconds the last known value applies.
            var tail = _tail(member.Id) ?? lastTail;
            var watch = before.Add(cell.Answers, waiting, since, StallWatch.TimeoutFor(tail));
            if (watch.Stalled != before.Stalled && _actors.TryGetValue(address, out var actor))
            {
                actor.Tell(new TrafficStalled(watch.Stalled));
            }

            if (watch is { Waits: false, Stalled: false })
            {
                _watches.Remove(address);
            }
            else
            {
                _watches[address] = (watch, tail);
            }
        }
    }
}
