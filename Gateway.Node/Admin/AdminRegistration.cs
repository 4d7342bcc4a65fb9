using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Commands;
using Gateway.Actors.Inspection;
using Gateway.Actors.Journal;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;

namespace Gateway.Node.Admin;

/// <summary>Registers what lets people look at a replica. When <see cref="AdminService"/> starts and stops is the host's to say.</summary>
internal static class AdminRegistration
{
    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ReplicaJournal>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<ReplicaJournal>());
        services.AddSingleton<TrafficSampler>();
        services.AddSingleton<IReplica, NodeReplica>();
        services.AddSingleton<ReplicaInspector>();
        services.AddSingleton(provider => new EventStream(
            provider.GetRequiredService<ReplicaJournal>().Events, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReplicaControl, NodeControl>();
        services.AddSingleton<CommandBook>(BookOf);
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<AdminRoutes>();
        services.AddSingleton<AdminService>();
    }

    private static CommandBook BookOf(IServiceProvider services)
    {
        var journal = services.GetRequiredService<ReplicaJournal>();
        var readings = new GatewayReadings(
            services.GetRequiredService<ReplicaInspector>(), services.GetRequiredService<IReplica>(), journal.Events,
            services.GetRequiredService<TimeProvider>());
        var changes = new GatewayChanges(services.GetRequiredService<IReplicaControl>());
        return new(
            [
                new ClusterPalette(services.GetRequiredService<ClusterViews>(), journal.Events).Palette,
                new ActorPalette(services.GetRequiredService<ActorSystem>()).Palette,
                new LogPalette(journal.Lines, services.GetRequiredService<LogLevels>()).Palette,
                new Palette("gateway", "Traffic, endpoints and settings.", [.. readings.Commands, .. changes.Commands]),
            ],
            services.GetRequiredService<ILogger<CommandBook>>());
    }
}
