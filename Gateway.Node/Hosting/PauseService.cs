using Gateway.Actors.Running;
using Gateway.Node.Metrics;

namespace Gateway.Node.Hosting;

/// <summary>Logs each time that this process did not run for a while: answers were late, and no backend is at fault.</summary>
internal sealed partial class PauseService(RunningClock clock, GatewayMetrics metrics, ILogger<PauseService> log) : IHostedService
{
    /// <summary>Shorter pauses are counted, but not logged.</summary>
    private static readonly TimeSpan MinLogged = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        clock.Paused += OnPaused;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        clock.Paused -= OnPaused;
        return Task.CompletedTask;
    }

    private void OnPaused(TimeSpan time)
    {
        metrics.Paused(time);
        if (time >= MinLogged)
        {
            Log.Paused(log, time.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(105, LogLevel.Warning, "this process was paused for {Seconds:0.0} s (stopped, or starved of CPU); deadlines are extended by that time", EventName = "process-paused")]
        public static partial void Paused(ILogger logger, double seconds);
    }
}
