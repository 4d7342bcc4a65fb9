using Akka.Actor;
using Gateway.Actors.Evidence;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>Creates the actors of endpoints, and reports their crashes and ends, for the routers that supervise them.</summary>
/// <param name="random">Returns random numbers in [0, 1), for jitter.</param>
public sealed class EndpointActors(
    Neighbours neighbours, Func<double> random, IEndpointObserver observer, Vitals vitals, ActorClock clock, ILoggerFactory loggers)
{
    private const string Kind = "endpoint";

    public Props Of(Endpoint endpoint, Pool pool) => ActorProps.Of(() => new EndpointActor(endpoint, pool, neighbours, random, observer, clock, loggers));

    /// <param name="crashed">Logs the crash.</param>
    public SupervisorStrategy Strategy(Action<Exception> crashed) => RestartStrategy.Of(vitals, Kind, crashed);

    public void Started(EndpointId endpoint) => vitals.Clear(Kind, endpoint.ToString());

    /// <summary>Reports an actor that has ended although its endpoint is still there.</summary>
    public void Ended(EndpointId endpoint) => vitals.Ended(new(Kind, endpoint.ToString(), clock.Now, "it keeps crashing"));

    /// <summary>Reports that the endpoint has left its pool.</summary>
    public void Removed(Endpoint endpoint)
    {
        vitals.Clear(Kind, endpoint.Id.ToString());
        neighbours.Evidence.Tell(new ForgetEndpoint(endpoint.Id));
        observer.Removed(endpoint);
    }
}
