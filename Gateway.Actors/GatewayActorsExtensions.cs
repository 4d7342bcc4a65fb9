using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Agreement;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;
using Gateway.Actors.Surveys;

namespace Gateway.Actors;

/// <summary>Puts the gateway's actors into an actor system.</summary>
public static class GatewayActorsExtensions
{
    /// <summary>The name of the actor system that owns endpoints, routers and probing.</summary>
    public const string SystemName = "gateway";

    /// <summary>
    /// Registers <see cref="ClusterActor"/>, <see cref="EvidenceActor"/>, <see cref="ProberActor"/>, <see cref="GrantsActor"/>, <see cref="PoolsActor"/>, and
    /// what operators use: <see cref="OverridesActor"/> and <see cref="SurveyActor"/>, which asks the registered <see cref="ReplicaInspector"/>. There are no pools until
    /// <see cref="ConfigurePools"/> names them.
    /// </summary>
    public static AkkaConfigurationBuilder WithGatewayActors(
        this AkkaConfigurationBuilder builder, Func<IServiceProvider, ActorEnvironment> environment) =>
        builder
            .AddHocon(EmbeddedHocon.Read("gateway.hocon"), HoconAddMode.Append)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithActors((system, registry, resolver) =>
            {
                var found = new TaskCompletionSource<IActorRef>();
                var surroundings = Sharing(environment(resolver.GetService<IServiceProvider>()), found.Task);
                var inspector = resolver.GetService<ReplicaInspector>();
                var cluster = system.ActorOf(Props.Create(() => new ClusterActor(surroundings)), "cluster");
                registry.Register<ClusterActor>(cluster);
                var evidence = system.ActorOf(Props.Create(() => new EvidenceActor(cluster, surroundings)), "evidence");
                registry.Register<EvidenceActor>(evidence);
                var prober = system.ActorOf(Props.Create(() => new ProberActor(surroundings)), "prober");
                registry.Register<ProberActor>(prober);
                var grants = system.ActorOf(GrantsActor.Props(cluster, surroundings), "grants");
                registry.Register<GrantsActor>(grants);
                var pools = system.ActorOf(PoolsActor.Props(new(prober, evidence, grants), surroundings), "pools");
                registry.Register<PoolsActor>(pools);
                var overrides = system.ActorOf(Props.Create(() => new OverridesActor(pools, surroundings)), "overrides");
                registry.Register<OverridesActor>(overrides);
                found.SetResult(overrides);
                var replica = resolver.GetService<IReplica>();
                system.ActorOf(Props.Create(() => new AgreementActor(() => replica.Pools, cluster, surroundings)), "agreement");
                registry.Register<SurveyActor>(
                    system.ActorOf(Props.Create(() => new SurveyActor(inspector, surroundings.Views, cluster)), "survey"));
            });

    /// <summary>Every cluster system that is made shares what operators have said.</summary>
    private static ActorEnvironment Sharing(ActorEnvironment environment, Task<IActorRef> overrides)
    {
        var before = environment.Cluster.Resident;
        return environment with
        {
            Cluster = environment.Cluster with
            {
                Resident = system =>
                {
                    before?.Invoke(system);
                    system.ActorOf(Props.Create(() => new OverridesSharer(overrides)), OverridesSharer.Name);
                },
            },
        };
    }
}
