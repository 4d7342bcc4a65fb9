using Gateway.Node.Signals;

namespace Gateway.Node.Hosting;

/// <summary>
/// Leaves signals to <see cref="ProcessSignals"/>. The default lifetime of hosts and web applications would cancel a startup with an exception, and end the
/// admin API's streams as soon as the drain begins.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
