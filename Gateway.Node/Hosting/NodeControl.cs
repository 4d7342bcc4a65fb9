using Gateway.Actors.Inspection;

namespace Gateway.Node.Hosting;

/// <summary>This process, as those who steer it see it.</summary>
/// <param name="services">Where the reloading is, if the process was started so that it can reload.</param>
internal sealed class NodeControl(IServiceProvider services) : IReplicaControl
{
    public Task<ReloadOutcome> ReloadAsync(CancellationToken cancellation) =>
        services.GetService<ReloadService>()?.ReloadAsync(cancellation)
        ?? Task.FromResult<ReloadOutcome>(new ReloadOutcome.Refused(["the settings of this process cannot be reloaded"]));
}
