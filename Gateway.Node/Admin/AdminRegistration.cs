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
        services.AddSingleton<AdminRoutes>();
        services.AddSingleton<AdminService>();
    }
}
