using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>The pool's endpoints, with an actor for each.</summary>
public sealed partial class RouterActor
{
    /// <summary>The delay before an endpoint's actor is recreated after repeated crashes.</summary>
    private static readonly TimeSpan ReplaceAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Applies settings: publishes the snapshot that follows from them, then tells the endpoints' actors, which read it. Endpoints that stay keep their cell, with
    /// its counts, breaker and latency.
    /// </summary>
    private void Reconfigure(PoolSettings settings, PoolSettings configured, bool joining)
    {
        var before = _pool.Snapshot.Members.ToDictionary(member => member.Id.Address);
        ImmutableArray<PoolMember> members =
        [
            .. settings.Endpoints.Select(wanted => before.TryGetValue(wanted.Address, out var stays)
                ? stays with { Settings = wanted }
                : new PoolMember(Create(wanted, settings, joining), wanted)),
        ];
        foreach (var member in members)
        {
            Configure(member.Cell, member.Settings, settings);
        }

        Publish(settings, configured, members);
        foreach (var member in members)
        {
            if (!before.Remove(member.Id.Address, out var known))
            {
                Start(member.Endpoint);
                continue;
            }

            _actors.GetValueOrDefault(member.Id.Address)?.Tell(new ReconfigureEndpoint());
            if (known.Draining != member.Draining)
            {
                _observer.Changed(member.Id);
            }
        }

        foreach (var removed in before.Values)
        {
            Remove(removed.Endpoint);
        }

        DetectOutliers();
    }

    private Endpoint Create(EndpointSettings wanted, PoolSettings settings, bool joining)
    {
        var endpoint = new Endpoint(new(new(_pool.Name, wanted.Address), settings.Breaker, maxInFlight: 0));
        if (joining)
        {
            endpoint.Status = endpoint.Status with { SlowStartFrom = _clock.Now };
            Log.Joined(_log, endpoint.Id);
        }

        return endpoint;
    }

    private void Start(Endpoint endpoint)
    {
        // Numbered, since a returning endpoint may meet its previous actor still ending.
        var name = $"{endpoint.Id.Address.Host.Trim('[', ']').Replace(':', '.')}.{endpoint.Id.Address.Port}-{++_created}";
        var actor = Context.ActorOf(_endpoints.Of(endpoint, _pool), name);
        Context.WatchWith(actor, new EndpointEnded(endpoint, actor));
        _actors[endpoint.Id.Address] = actor;
        _endpoints.Started(endpoint.Id);
    }

    private void Remove(Endpoint endpoint)
    {
        if (_actors.Remove(endpoint.Id.Address, out var actor))
        {
            Context.Stop(actor);
        }

        _claims.Remove(endpoint.Id.Address);
        Log.Left(_log, endpoint.Id, endpoint.Cell.InFlight);
        _endpoints.Removed(endpoint);
    }

    /// <summary>
    /// Handles the end of an endpoint's actor. Requests continue with its last status, but the endpoint is not probed and its breaker does not move.
    /// </summary>
    private void OnEndpointEnded(EndpointEnded ended)
    {
        var (endpoint, actor) = ended;
        if (actor.Equals(_actors.GetValueOrDefault(endpoint.Id.Address)))
        {
            _actors.Remove(endpoint.Id.Address);
            _endpoints.Ended(endpoint.Id);
            Log.EndpointEnded(_log, endpoint.Id, ReplaceAfter.TotalSeconds);
            Timers.StartIn(endpoint, new MakeEndpoint(endpoint), ReplaceAfter);
        }
    }

    private void Replace(Endpoint endpoint)
    {
        if (_pool.Snapshot.Find(endpoint) is not null && !_actors.ContainsKey(endpoint.Id.Address))
        {
            Start(endpoint);
        }
    }

    private sealed record EndpointEnded(Endpoint Endpoint, IActorRef Actor);

    private sealed record MakeEndpoint(Endpoint Endpoint);
}
