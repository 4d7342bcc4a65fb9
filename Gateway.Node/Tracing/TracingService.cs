using Gateway.Node.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Node.Tracing;

/// <summary>
/// Sends spans to an OTLP receiver, in batches and on the exporter's own thread. An unavailable receiver costs spans, but does not affect requests. At shutdown
/// the rest is sent, for up to <see cref="FlushTimeout"/>.
/// </summary>
internal sealed class TracingService(TracingSettings settings, Spans spans, string gatewayId) : IHostedService, IDisposable
{
    /// <summary>The time limit at shutdown for spans not sent yet.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(spans.SourceName)
            .SetSampler(new AlwaysOnSampler()) // Sampling is decided before a span is created.
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddTelemetrySdk().AddService(settings.ServiceName, serviceVersion: ProductVersion.Text, serviceInstanceId: gatewayId))
            .AddOtlpExporter(options =>
            {
                options.Protocol = settings.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = EndpointOf(settings);
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _provider is { } provider
            ? Task.Factory.StartNew(() => provider.Shutdown((int)FlushTimeout.TotalMilliseconds), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.CompletedTask;

    public void Dispose() => _provider?.Dispose();

    private static Uri EndpointOf(TracingSettings settings) =>
        settings.Protocol == OtlpProtocol.Http && settings.Endpoint.AbsolutePath == "/" ? new Uri(settings.Endpoint, "/v1/traces") : settings.Endpoint;
}
