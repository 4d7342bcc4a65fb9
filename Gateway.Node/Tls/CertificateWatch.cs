namespace Gateway.Node.Tls;

/// <summary>
/// Checks the files of the certificates once a second. Contents are compared: unlike file events, that detects renames, link swaps and mounted volumes.
/// </summary>
internal sealed partial class CertificateWatch(CertificateStore certificates, TimeProvider clock, ILogger<CertificateWatch> log) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await CheckAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Checks once. Whatever is wrong with a file, the served certificate stays, and the next check follows.</summary>
    private async Task CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await certificates.CheckAsync(cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            Log.Failed(log, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(126, LogLevel.Error, "unexpected error while checking the certificate files; still serving the current certificates", EventName = "certificate-watch-failed")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
