using Akka.Actor;
using Gateway.Actors.Agreement;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;

namespace Gateway.Actors.Composition;

/// <summary>
/// The one place that knows all services of the process: gives each actor those that it uses. State that survives an actor's restart is created here, with its
/// props.
/// </summary>
internal sealed class ActorFactory(ActorEnvironment environment)
{
    private readonly ActorClock _clock = environment.Time;

    public Keepers Keepers { get; } = new(environment.Vitals, environment.Time, environment.Loggers);

    /// <param name="cluster">The <see cref="ClusterActor"/>.</param>
    public Peers PeersVia(IActorRef cluster) => new(cluster, environment.Views);

    /// <summary>Returns the props of a cluster actor that does not share the operators' changes.</summary>
    public Props Cluster() => Cluster(environment.Cluster);

    /// <summary>Returns the props of a cluster actor that shares the operators' changes in each of its systems.</summary>
    /// <param name="overrides">The <see cref="OverridesActor"/>.</param>
    public Props Cluster(IActorRef overrides)
    {
        var options = environment.Cluster;
        return Cluster(options with
        {
            Resident = system =>
            {
                options.Resident?.Invoke(system);
                system.ActorOf(Keepers.Of("sharer", ActorProps.Of(() => new OverridesSharer(overrides))), OverridesSharer.Name);
            },
        });
    }

    public Props Evidence(Peers peers) => ActorProps.Of(() => new EvidenceActor(
        peers, environment.Agreement, environment.Evidence, environment.Observer, _clock, environment.Loggers));

    public Props Prober() => ActorProps.Of(() => new ProberActor(
        environment.Probe, environment.ProbeLoad, environment.MaxConcurrentProbes, _clock, environment.Loggers));

    public Props Grants(Peers peers)
    {
        var endpoints = new Dictionary<EndpointId, IActorRef>();
        return ActorProps.Of(() => new GrantsActor(endpoints, peers, environment.GrantObserver, _clock, environment.Loggers));
    }

    public Props Pools(IActorRef prober, IActorRef evidence, IActorRef grants)
    {
        var (pools, gateways) = (new Dictionary<string, ConfiguredPool>(), new KnownGateways(environment.Views));
        var endpoints = new EndpointActors(
            new(prober, evidence, new(grants, environment.Views)), environment.Random, environment.Observer, environment.Vitals, _clock, environment.Loggers);
        var routers = new RouterActors(gateways, endpoints, environment.Tail, environment.Observer, environment.Vitals, _clock, environment.Loggers);
        return ActorProps.Of(() => new PoolsActor(pools, gateways, routers, environment.Overrides, _clock, environment.Loggers));
    }

    /// <param name="pools">The <see cref="PoolsActor"/>.</param>
    public Props Overrides(IActorRef pools) => ActorProps.Of(() => new OverridesActor(pools, environment.Overrides, environment.Loggers));

    /// <param name="pools">Returns the pools in force.</param>
    public Props Agreement(Func<IReadOnlyList<Pool>> pools, Peers peers) => ActorProps.Of(() => new AgreementActor(
        pools, environment.PoolDigest, peers, environment.Agreement, _clock, environment.Loggers));

    private Props Cluster(ClusterOptions options) => ActorProps.Of(() => new ClusterActor(
        options, environment.Views, environment.ClusterObserver, Keepers, _clock, environment.Loggers));
}
