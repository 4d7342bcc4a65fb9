using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// The health of the replica's actors: the number of crashes, and the actors currently down. Traffic continues without them, so nothing else
/// would show it. Written by their supervisors; any thread may read it.
/// </summary>
public sealed class Vitals
{
    private readonly ConcurrentDictionary<string, long> _crashes = new();
    private ImmutableDictionary<(string Kind, string Name), ActorOutage> _outages = ImmutableDictionary<(string, string), ActorOutage>.Empty;

    /// <summary>Actors that have ended and are not recreated yet.</summary>
    public IEnumerable<ActorOutage> Outages => Volatile.Read(ref _outages).Values.OrderBy(outage => outage.Since);

    public bool AllUp => Volatile.Read(ref _outages).IsEmpty;

    /// <summary>The number of crashes and ends since the start, by kind of actor.</summary>
    public IReadOnlyDictionary<string, long> Crashes => _crashes;

    public void Crashed(string kind) => _crashes.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    public void Ended(ActorOutage outage) =>
        ImmutableInterlocked.Update(ref _outages, static (all, one) => all.SetItem((one.Kind, one.Name), one), outage);

    /// <summary>Clears an outage: the actor runs, or is not needed any more.</summary>
    public void Clear(string kind, string name) =>
        ImmutableInterlocked.Update(ref _outages, static (all, key) => all.Remove(key), (kind, name));
}
