namespace Gateway.Node.Tls;

/// <summary>
/// Looks at the files of the certificates once a second. Contents are compared: that sees renames, link swaps and mounted volumes alike, where file events do
/// not.
/// </summary>
internal sealed class CertificateWatch(CertificateStore certificates, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await certificates.LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }
}
