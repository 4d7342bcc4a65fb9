using Gateway.Node.Settings;

namespace Gateway.Node.Tracing;

internal static class TracingRegistration
{
    /// <summary>Registers what sends spans, where the settings say where to. To be called before what serves requests is registered: it ends after that.</summary>
    public static void AddTracing(this IServiceCollection services, GatewaySettings settings)
    {
        if (settings.Tracing is { } tracing)
        {
            services.AddSingleton(_ => new Spans(settings.GatewayId));
            services.AddSingleton(provider => new TraceRule(provider.GetRequiredService<Spans>(), tracing.Sample, tracing.FollowParent));
            Add(services, tracing, settings.GatewayId);
        }
    }

    /// <summary>Apart, so that without tracing nothing of OpenTelemetry is loaded.</summary>
    private static void Add(IServiceCollection services, TracingSettings tracing, string gatewayId) =>
        services.AddHostedService(provider => new TracingService(tracing, provider.GetRequiredService<Spans>(), gatewayId));
}
