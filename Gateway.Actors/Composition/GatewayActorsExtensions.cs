using Akka.Actor;
using Akka.Actor.Setup;
using Akka.DependencyInjection;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Gateway.Actors.Agreement;
using Gateway.Actors.Analytics;
using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surveys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Composition;

/// <summary>Adds the gateway's actors to an actor system.</summary>
public static class GatewayActorsExtensions
{
    /// <summary>The name of the actor system that owns endpoints, routers and probing.</summary>
    public const string SystemName = "gateway";

    /// <summary>Registers the actor system and, in it, the gateway's actors.</summary>
    public static IServiceCollection AddGatewayActors(this IServiceCollection services, Func<IServiceProvider, ActorEnvironment> environment) =>
        services
            .AddAkka(SystemName, actors => actors.WithGatewayActors(environment))
            .Replace(ServiceDescriptor.Singleton(static provider => PlainActorSystem.Start(
                SystemName,
                EmbeddedHocon.Read("gateway.hocon"),
                ActorSystemSetup.Create(DependencyResolverSetup.Create(provider), new LoggerFactorySetup(provider.GetRequiredService<ILoggerFactory>())))));

    /// <summary>
    /// Registers <see cref="ClusterActor"/>, <see cref="EvidenceActor"/>, <see cref="ProberActor"/>, <see cref="GrantsActor"/>, <see cref="PoolsActor"/>, and the actors
    /// for operators: <see cref="OverridesActor"/>, <see cref="AnalyticsActor"/> and <see cref="SurveyActor"/>, which queries the registered <see cref="ReplicaInspector"/>, each behind a
    /// <see cref="KeeperActor"/> that recreates it if it ends. There are no pools until <see cref="ConfigurePools"/> names them.
    /// </summary>
    private static AkkaConfigurationBuilder WithGatewayActors(
        this AkkaConfigurationBuilder builder, Func<IServiceProvider, ActorEnvironment> environment) =>
        builder
            .WithActors((system, registry, resolver) =>
            {
                var actors = new ActorFactory(environment(resolver.GetService<IServiceProvider>()));
                var (replica, inspector) = (resolver.GetService<IReplica>(), resolver.GetService<ReplicaInspector>());
                var cluster = Keep<ClusterActor>("cluster", null); // All others send to it, and it needs one of them: it starts last.
                var peers = actors.PeersVia(cluster);
                var evidence = Keep<EvidenceActor>("evidence", actors.Evidence(peers));
                var prober = Keep<ProberActor>("prober", actors.Prober());
                var grants = Keep<GrantsActor>("grants", actors.Grants(peers));
                var pools = Keep<PoolsActor>("pools", actors.Pools(prober, evidence, grants));
                var overrides = Keep<OverridesActor>("overrides", actors.Overrides(pools));
                Keep<AgreementActor>("agreement", actors.Agreement(() => replica.Pools, peers));
                Keep<AnalyticsActor>("analytics", ActorProps.Of(() => new AnalyticsActor(replica.Traffic.Analytics, peers)));
                Keep<SurveyActor>("survey", ActorProps.Of(() => new SurveyActor(id => EndpointAccount.Of(inspector.Find(id.ToString())), peers)));

                cluster.Tell(new KeepActor(actors.Cluster(overrides)));

                IActorRef Keep<TActor>(string kind, Props? props)
                {
                    var keeper = system.ActorOf(actors.Keepers.Of(kind, props), kind);
                    registry.Register<TActor>(keeper);
                    return keeper;
                }
            });
}
