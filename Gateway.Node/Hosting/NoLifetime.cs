using Gateway.Node.Signals;

namespace Gateway.Node.Hosting;

/// <summary>
/// Leaves signals to <see cref="ProcessSignals"/>. The usual lifetime, which every host and every web application has, would cancel a start under way
/// by an exception, and end the admin API's streams as soon as the drain begins.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
