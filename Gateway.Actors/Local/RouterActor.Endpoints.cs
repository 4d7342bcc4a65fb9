using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Evidence;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>The pool's endpoints, with an actor for each.</summary>
public sealed partial class RouterActor
{
    private const string EndpointKind = "endpoint";

    /// <summary>The delay before an endpoint's actor is recreated after repeated crashes.</summary>
    private static readonly TimeSpan ReplaceAfter = TimeSpan.FromSeconds(1);

    /// <summary>Matches the endpoints to the settings. Those that stay keep their cell, with its counts, breaker and latency.</summary>
    private void Reconcile(bool joining)
    {
        var settings = _pool.Settings;
        var known = _pool.Endpoints.ToDictionary(e => e.Id.Address);
        var endpoints = ImmutableArray.CreateBuilder<Endpoint>(settings.Endpoints.Length);
        foreach (var wanted in settings.Endpoints)
        {
            if (known.Remove(wanted.Address, out var endpoint))
            {
                var drains = endpoint.Draining != wanted.Draining;
                endpoint.Settings = wanted;
                if (drains)
                {
                    _environment.Endpoints.Changed(endpoint.Id);
                }

                Configure(endpoint.Cell, wanted);
                _actors.GetValueOrDefault(wanted.Address)?.Tell(new ReconfigureEndpoint());
            }
            else
            {
                endpoint = Create(wanted, settings, joining);
                Start(endpoint);
            }

            endpoints.Add(endpoint);
        }

        _pool.Endpoints = endpoints.MoveToImmutable();
        foreach (var removed in known.Values)
        {
            Remove(removed);
        }
    }

    private Endpoint Create(EndpointSettings wanted, PoolSettings settings, bool joining)
    {
        var cell = new EndpointCell(new(_pool.Name, wanted.Address), settings.Breaker, maxInFlight: 0);
        Configure(cell, wanted);
        var endpoint = new Endpoint(cell, wanted);
        if (joining)
        {
            endpoint.Status = endpoint.Status with { SlowStartFrom = _environment.Now };
            Log.Joined(_log, endpoint.Id);
        }

        return endpoint;
    }

    private void Start(Endpoint endpoint)
    {
        var (pool, neighbours, environment) = (_pool, _neighbours, _environment);

        // Numbered, since a returning endpoint may meet its previous actor still ending.
        var name = $"{endpoint.Id.Address.Host.Trim('[', ']').Replace(':', '.')}.{endpoint.Id.Address.Port}-{++_created}";
        var actor = Context.ActorOf(ActorProps.Of(() => new EndpointActor(endpoint, pool, neighbours, environment)), name);
        Context.WatchWith(actor, new EndpointEnded(endpoint, actor));
        _actors[endpoint.Id.Address] = actor;
        _environment.Vitals.Clear(EndpointKind, endpoint.Id.ToString());
    }

    private void Remove(Endpoint endpoint)
    {
        if (_actors.Remove(endpoint.Id.Address, out var actor))
        {
            Context.Stop(actor);
        }

        _environment.Vitals.Clear(EndpointKind, endpoint.Id.ToString());
        _neighbours.Evidence.Tell(new ForgetEndpoint(endpoint.Id));
        _claims.Remove(endpoint.Id.Address);
        _watches.Remove(endpoint.Id.Address);
        _judged.Remove(endpoint.Id.Address);
        Log.Left(_log, endpoint.Id, endpoint.Cell.InFlight);
        _environment.Observer.Removed(endpoint);
    }

    /// <summary>
    /// Handles the end of an endpoint's actor. Requests continue with its last status, but the endpoint is not probed and its breaker does not move.
    /// </summary>
    private void Lose(EndpointEnded ended)
    {
        var (endpoint, actor) = ended;
        if (actor.Equals(_actors.GetValueOrDefault(endpoint.Id.Address)))
        {
            _actors.Remove(endpoint.Id.Address);
            _environment.Vitals.Ended(new(EndpointKind, endpoint.Id.ToString(), _environment.Now, "it crashed again and again"));
            Log.EndpointEnded(_log, endpoint.Id, ReplaceAfter.TotalSeconds);
            Timers.StartIn(endpoint, new MakeEndpoint(endpoint), ReplaceAfter);
        }
    }

    private void Replace(Endpoint endpoint)
    {
        if (_pool.Endpoints.Contains(endpoint) && !_actors.ContainsKey(endpoint.Id.Address))
        {
            Start(endpoint);
        }
    }

    private sealed record EndpointEnded(Endpoint Endpoint, IActorRef Actor);

    private sealed record MakeEndpoint(Endpoint Endpoint);
}
