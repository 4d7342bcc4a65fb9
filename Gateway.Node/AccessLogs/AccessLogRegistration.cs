using Gateway.Actors.Running;
using Gateway.Node.Recording;
using Gateway.Node.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Node.AccessLogs;

internal static class AccessLogRegistration
{
    /// <summary>Registers the access log, if configured. Call it before registering the services that serve requests: the log must stop after them.</summary>
    public static void AddAccessLog(this IServiceCollection services, GatewaySettings settings)
    {
        if (settings.AccessLog is not { } log)
        {
            return;
        }

        services.AddSingleton(log);
        services.AddSingleton(provider => new AccessQueue(AccessLogShape.PolicyOf(log, provider.GetRequiredService<RunningClock>())));
        services.AddSingleton<AccessLogMetrics>();
        services.TryAddSingleton(provider => new AccessLogTargets(settings.GatewayId, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AccessLogOutput>();
        services.AddHostedService<AccessLogService>();
    }
}
