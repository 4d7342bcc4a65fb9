using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// How the replica's actors do: how often they crashed, and which of them are out at the moment. Traffic goes on without them, so nothing else
/// would show it. Written by whoever supervises them, read by anyone.
/// </summary>
public sealed class Vitals
{
    private readonly ConcurrentDictionary<string, long> _crashes = new();
    private ImmutableDictionary<(string Kind, string Name), ActorOutage> _outages = ImmutableDictionary<(string, string), ActorOutage>.Empty;

    /// <summary>Actors that ended and are not made again yet.</summary>
    public IEnumerable<ActorOutage> Outages => Volatile.Read(ref _outages).Values.OrderBy(outage => outage.Since);

    public bool IsWhole => Volatile.Read(ref _outages).IsEmpty;

    /// <summary>How often actors have crashed or ended since the start, by their kind.</summary>
    public IReadOnlyDictionary<string, long> Crashes => _crashes;

    public void Crashed(string kind) => _crashes.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    public void Ended(ActorOutage outage) =>
        ImmutableInterlocked.Update(ref _outages, static (all, one) => all.SetItem((one.Kind, one.Name), one), outage);

    /// <summary>The actor runs, or nobody needs it any more.</summary>
    public void Clear(string kind, string name) =>
        ImmutableInterlocked.Update(ref _outages, static (all, key) => all.Remove(key), (kind, name));
}
