using Gateway.Node.Metrics;
using Gateway.Node.Settings;

namespace Gateway.Node.Exporting;

internal static class MetricsExportRegistration
{
    /// <summary>
    /// Registers the export of metrics, if configured. Call it before registering the services that serve requests: the export must stop after them.
    /// </summary>
    public static void AddMetricsExport(this IServiceCollection services, GatewaySettings settings)
    {
        if (settings.OtlpMetrics is { } export)
        {
            services.AddHostedService(provider => new MetricsExportService(
                export, settings, provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MetricsExportService>>()));
        }
    }
}
