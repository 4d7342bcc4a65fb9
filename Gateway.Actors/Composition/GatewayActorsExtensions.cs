using Akka.Actor;
using Akka.Actor.Setup;
using Akka.DependencyInjection;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Gateway.Actors.Agreement;
using Gateway.Actors.Analytics;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Inspection;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
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
                var found = new TaskCompletionSource<IActorRef>();
                var surroundings = Sharing(environment(resolver.GetService<IServiceProvider>()), found.Task);
                var inspector = resolver.GetService<ReplicaInspector>();
                var cluster = Keep<ClusterActor>("cluster", ActorProps.Of(() => new ClusterActor(surroundings)));
                var evidence = Keep<EvidenceActor>("evidence", ActorProps.Of(() => new EvidenceActor(cluster, surroundings)));
                var prober = Keep<ProberActor>("prober", ActorProps.Of(() => new ProberActor(surroundings)));
                var grants = Keep<GrantsActor>("grants", GrantsActor.Props(cluster, surroundings));
                var pools = Keep<PoolsActor>("pools", PoolsActor.Props(new(prober, evidence, grants), surroundings));
                var overrides = Keep<OverridesActor>("overrides", ActorProps.Of(() => new OverridesActor(pools, surroundings)));
                found.SetResult(overrides);
                var replica = resolver.GetService<IReplica>();
                Keep<AgreementActor>("agreement", ActorProps.Of(() => new AgreementActor(() => replica.Pools, cluster, surroundings)));
                Keep<AnalyticsActor>("analytics", ActorProps.Of(() => new AnalyticsActor(replica.Analytics, surroundings.Views, cluster)));
                Keep<SurveyActor>("survey", ActorProps.Of(() => new SurveyActor(inspector, surroundings.Views, cluster)));

                IActorRef Keep<TActor>(string kind, Props props)
                {
                    var keeper = system.ActorOf(KeeperActor.Of(kind, props, surroundings), kind);
                    registry.Register<TActor>(keeper);
                    return keeper;
                }
            });

    /// <summary>Makes every cluster system share the operators' changes.</summary>
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
                    system.ActorOf(KeeperActor.Of("sharer", ActorProps.Of(() => new OverridesSharer(overrides)), environment), OverridesSharer.Name);
                },
            },
        };
    }
}
