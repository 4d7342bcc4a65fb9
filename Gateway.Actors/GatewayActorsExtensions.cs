using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Actors.Local;
using Gateway.Actors.Probing;

namespace Gateway.Actors;

/// <summary>Puts the gateway's actors into an actor system.</summary>
public static class GatewayActorsExtensions
{
    /// <summary>The name of the actor system that owns endpoints, routers and probing.</summary>
    public const string SystemName = "gateway";

    /// <summary>
    /// Registers <see cref="ClusterActor"/>, <see cref="EvidenceActor"/>, <see cref="ProberActor"/> and <see cref="PoolsActor"/>. There are no pools
    /// until <see cref="ConfigurePools"/> names them.
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
                var surroundings = environment(resolver.GetService<IServiceProvider>());
                var cluster = system.ActorOf(Props.Create(() => new ClusterActor(surroundings)), "cluster");
                registry.Register<ClusterActor>(cluster);
                var evidence = system.ActorOf(Props.Create(() => new EvidenceActor(cluster, surroundings)), "evidence");
                registry.Register<EvidenceActor>(evidence);
                var prober = system.ActorOf(Props.Create(() => new ProberActor(surroundings)), "prober");
                registry.Register<ProberActor>(prober);
                registry.Register<PoolsActor>(system.ActorOf(PoolsActor.Props(new(prober, evidence), surroundings), "pools"));
            });
}
