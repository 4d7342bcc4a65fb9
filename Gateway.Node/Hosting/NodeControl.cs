using Gateway.Actors.Inspection;

namespace Gateway.Node.Hosting;

/// <summary>This process, as seen by operators' commands.</summary>
/// <param name="services">Contains the reload service, if the process can reload.</param>
internal sealed class NodeControl(IServiceProvider services) : IReplicaControl
{
    public Task<ReloadOutcome> ReloadAsync(CancellationToken cancellation) =>
        services.GetService<ReloadService>()?.ReloadAsync(cancellation)
        ?? Task.FromResult<ReloadOutcome>(new ReloadOutcome.Refused(["the settings of this process cannot be reloaded"]));
}
