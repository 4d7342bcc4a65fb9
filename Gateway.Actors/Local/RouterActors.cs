using Akka.Actor;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>Creates the routers of pools, and reports their crashes and ends, for the <see cref="PoolsActor"/> that supervises them.</summary>
/// <param name="tail">Returns the 99th percentile of an endpoint's recent latencies to the head; null without recent answers.</param>
public sealed class RouterActors(
    KnownGateways gateways, EndpointActors endpoints, Func<EndpointId, TimeSpan?> tail, IEndpointObserver observer, Vitals vitals, ActorClock clock, ILoggerFactory loggers)
{
    private const string Kind = "router";

    public Props Of(Pool pool) => ActorProps.Of(() => new RouterActor(pool, gateways, endpoints, tail, observer, clock, loggers));

    /// <param name="crashed">Logs the crash.</param>
    public SupervisorStrategy Strategy(Action<Exception> crashed) => RestartStrategy.Of(vitals, Kind, crashed);

    public void Started(string pool) => vitals.Clear(Kind, pool);

    /// <summary>Reports a router that has ended although its pool is still there.</summary>
    public void Ended(string pool) => vitals.Ended(new(Kind, pool, clock.Now, "it keeps crashing"));

    /// <summary>Reports that the pool is gone, with its endpoints.</summary>
    public void Removed(Pool pool)
    {
        vitals.Clear(Kind, pool.Name);
        foreach (var member in pool.Snapshot.Members)
        {
            endpoints.Removed(member.Endpoint);
        }
    }
}
