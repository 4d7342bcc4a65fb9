using System.Text;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;

namespace Gateway.Node.Exporting;

/// <summary>
/// Sends all metrics to an OTLP receiver, once per interval and at shutdown. Nothing is kept for an unavailable receiver: values are totals since the process
/// began, so that the next export makes up for lost ones.
/// </summary>
internal sealed partial class MetricsExportService(OtlpMetricsSettings settings, GatewaySettings gateway, GatewayMetrics metrics, TimeProvider clock, ILogger<MetricsExportService> log)
    : BackgroundService
{
    /// <summary>The time limit for the last export at shutdown.</summary>
    public static readonly TimeSpan FinalExportTimeout = TimeSpan.FromSeconds(2);

    private readonly OtlpReceiverClient _receiver = new(settings, clock);
    private readonly OtlpMetricsRequest _request = new(settings.ServiceName, gateway.GatewayId, ProductVersion.Text, clock.GetUtcNow());
    private readonly ExportInstruments _instruments = new(metrics.Registry);
    private bool _isFailing;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var longest = new CancellationTokenSource(FinalExportTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, cancellationToken);
        await ExportAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _receiver.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ExportAsync(stoppingToken);
        }
    }

    private async Task ExportAsync(CancellationToken cancellation)
    {
        try
        {
            Report(await SendAllAsync(cancellation));
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            Report($"{error.GetType().Name}: {error.Message}"); // Any error: requests are served without it, and the next export may succeed.
        }
    }

    /// <returns>Why not everything was accepted; null: it was.</returns>
    private async Task<string?> SendAllAsync(CancellationToken cancellation)
    {
        using var scrape = new MemoryStream();
        await metrics.Registry.CollectAndExportAsTextAsync(scrape, cancellation);
        var families = ExpositionText.Parse(Encoding.UTF8.GetString(scrape.GetBuffer(), 0, (int)scrape.Length));
        string? fault = null;
        foreach (var request in _request.Write(families, clock.GetUtcNow()))
        {
            fault ??= await _receiver.SendAsync(request, cancellation);
        }

        return fault;
    }

    private void Report(string? fault)
    {
        _instruments.Exports.WithLabels(fault is null ? "accepted" : "failed").Inc();
        if (fault is not null && !_isFailing)
        {
            Log.Failing(log, settings.Endpoint, fault, settings.Interval.TotalSeconds);
        }
        else if (fault is null && _isFailing)
        {
            Log.Recovered(log, settings.Endpoint);
        }

        _isFailing = fault is not null;
    }

    private static partial class Log
    {
        [LoggerMessage(135, LogLevel.Warning, "exporting metrics to {Endpoint} failed: {Fault}; retrying every {Seconds} s", EventName = "metrics-export-failed")]
        public static partial void Failing(ILogger logger, Uri endpoint, string fault, double seconds);

        [LoggerMessage(136, LogLevel.Information, "exporting metrics to {Endpoint} works again", EventName = "metrics-export-recovered")]
        public static partial void Recovered(ILogger logger, Uri endpoint);
    }
}
