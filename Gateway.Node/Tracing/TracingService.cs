using Gateway.Node.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Node.Tracing;

/// <summary>
/// Sends spans to an OTLP receiver, in batches and by a thread of the exporter's own. A receiver that takes nothing costs spans, and no request anything. At the
/// end what is left is sent, for as long as <see cref="LongestFlush"/>.
/// </summary>
internal sealed class TracingService(TracingSettings settings, Spans spans, string gatewayId) : IHostedService, IDisposable
{
    /// <summary>How long the end may take for what is not sent yet.</summary>
    public static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);

    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(spans.SourceName)
            .SetSampler(new AlwaysOnSampler()) // Which requests are traced is decided before there is a span.
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
            ? Task.Factory.StartNew(() => provider.Shutdown((int)LongestFlush.TotalMilliseconds), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.CompletedTask;

    public void Dispose() => _provider?.Dispose();

    private static Uri EndpointOf(TracingSettings settings) =>
        settings.Protocol == OtlpProtocol.Http && settings.Endpoint.AbsolutePath == "/" ? new Uri(settings.Endpoint, "/v1/traces") : settings.Endpoint;
}
