using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Draining;
using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;

namespace Gateway.Actors;

/// <summary>Puts the gateway's actors into an actor system.</summary>
public static class GatewayActorsExtensions
{
    /// <summary>The name of the actor system that owns endpoints, routers and probing.</summary>
    public const string SystemName = "gateway";

    /// <summary>
    /// Registers <see cref="ClusterActor"/>, <see cref="ProberActor"/>, <see cref="PoolsActor"/>, and what operators use: <see cref="OverridesActor"/> and
    /// <see cref="InFlightActor"/>, which asks the registered <see cref="IReplica"/>. There are no pools until <see cref="ConfigurePools"/> names them.
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
                var replica = resolver.GetService<IReplica>();
                var cluster = system.ActorOf(Props.Create(() => new ClusterActor(surroundings)), "cluster");
                registry.Register<ClusterActor>(cluster);
                var prober = system.ActorOf(Props.Create(() => new ProberActor(surroundings)), "prober");
                registry.Register<ProberActor>(prober);
                var pools = system.ActorOf(PoolsActor.Props(prober, surroundings), "pools");
                registry.Register<PoolsActor>(pools);
                registry.Register<OverridesActor>(system.ActorOf(Props.Create(() => new OverridesActor(pools, surroundings)), "overrides"));
                registry.Register<InFlightActor>(
                    system.ActorOf(Props.Create(() => new InFlightActor(replica, surroundings.Views, cluster)), "in-flight"));
            });
}
