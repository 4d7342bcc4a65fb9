using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Commands;
using Gateway.Actors.Inspection;
using Gateway.Actors.Journal;
using Gateway.Actors.Surroundings;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;

namespace Gateway.Node.Admin;

/// <summary>Registers the inspection and control of a replica. The host decides when <see cref="AdminService"/> starts and stops.</summary>
internal static class AdminRegistration
{
    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ReplicaJournal>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<ReplicaJournal>());
        services.AddSingleton<TrafficAnalytics>();
        services.AddSingleton<TrafficSampler>();
        services.AddSingleton(provider => new OverridesHolder(shared: provider.GetRequiredService<GatewaySettings>().ClusterAddress is not null));
        services.AddSingleton<IReplicaTraffic, NodeTraffic>();
        services.AddSingleton<IReplica, NodeReplica>();
        services.AddSingleton<IReplicaControl, NodeControl>();
        services.AddSingleton<OpinionBoard>();
        services.AddSingleton<ReplicaInspector>();
        services.AddSingleton<AnalyticsInspector>();
        services.AddSingleton(provider => new EventStream(
            provider.GetRequiredService<ReplicaJournal>().Events, provider.GetRequiredService<EndpointFeed>(),
            provider.GetRequiredService<ReplicaInspector>(), provider.GetRequiredService<IReplica>(), provider.GetRequiredService<TimeProvider>()));
        services.AddPalettes();
        services.AddSingleton<CommandBook>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<AdminRoutes>();
        services.AddSingleton<AdminService>();
    }

    private static void AddPalettes(this IServiceCollection services)
    {
        services.AddSingleton<DrainWatch>();
        services.AddSingleton<EndpointChanges>();
        services.AddSingleton<GatewayChanges>();
        services.AddSingleton<ClusterReadings>();
        services.AddSingleton<AnalyticsReadings>();
        services.AddSingleton(provider => new GatewayReadings(
            provider.GetRequiredService<ReplicaInspector>(), provider.GetRequiredService<IReplica>(), provider.GetRequiredService<AnalyticsReadings>(),
            provider.GetRequiredService<ReplicaJournal>().Events, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterPalette(
            provider.GetRequiredService<ClusterViews>(), provider.GetRequiredService<ReplicaJournal>().Events,
            provider.GetRequiredService<IRequiredActor<ClusterActor>>()).Palette);
        services.AddSingleton(provider => new ActorPalette(provider.GetRequiredService<ActorSystem>()).Palette);
        services.AddSingleton(provider => new LogPalette(
            provider.GetRequiredService<ReplicaJournal>().Lines, provider.GetRequiredService<LogLevels>()).Palette);
        services.AddSingleton(provider => new Palette("gateway", "Traffic, endpoints and settings.",
        [
            .. provider.GetRequiredService<ClusterReadings>().Commands,
            .. provider.GetRequiredService<GatewayReadings>().Commands,
            .. new RouteReadings(provider.GetRequiredService<IReplica>()).Commands,
            .. new CertificateReadings(provider.GetRequiredService<IReplica>()).Commands,
            .. provider.GetRequiredService<EndpointChanges>().Commands,
            .. provider.GetRequiredService<GatewayChanges>().Commands,
        ]));
    }
}
