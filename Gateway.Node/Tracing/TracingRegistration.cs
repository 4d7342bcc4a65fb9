using Gateway.Node.Settings;

namespace Gateway.Node.Tracing;

internal static class TracingRegistration
{
    /// <summary>
    /// Registers the export of spans, if configured. Call it before registering the services that serve requests: the export must stop after them.
    /// </summary>
    public static void AddTracing(this IServiceCollection services, GatewaySettings settings)
    {
        if (settings.Tracing is { } tracing)
        {
            services.AddSingleton(_ => new Spans(settings.GatewayId));
            services.AddSingleton(provider => new TraceRule(provider.GetRequiredService<Spans>(), tracing.Sample, tracing.FollowParent));
            Add(services, tracing, settings.GatewayId);
        }
    }

    /// <summary>A separate method, so that OpenTelemetry is not loaded without tracing.</summary>
    private static void Add(IServiceCollection services, TracingSettings tracing, string gatewayId) =>
        services.AddHostedService(provider => new TracingService(tracing, provider.GetRequiredService<Spans>(), gatewayId));
}
