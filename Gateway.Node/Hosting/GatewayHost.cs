using Akka.Hosting;
using Gateway.Actors;
using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Actors.Inspection;
using Gateway.Actors.Journal;
using Gateway.Actors.Overrides;
using Gateway.Actors.Probing;
using Gateway.Node.Admin;
using Gateway.Node.Metrics;
using Gateway.Node.Probing;
using Gateway.Node.Proxying;
using Gateway.Node.Settings;
using Gateway.Node.WarmUp;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Gateway.Upstream.Http2;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Node.Hosting;

/// <summary>Puts one replica together. Several can live in one process; nothing of one is static.</summary>
internal static class GatewayHost
{
    /// <summary>Beyond drain delay and drain timeout, before the host gives up on an orderly end.</summary>
    private static readonly TimeSpan ShutdownSlack = TimeSpan.FromSeconds(5);

    /// <summary>Runs a replica until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code: 1 when an address cannot be listened on, 2 when the admin token cannot be used.</returns>
    public static async Task<int> RunAsync(GatewaySettings settings, SettingsSource source, CancellationToken cancellation)
    {
        if (AdminToken.Load(settings).Fault is { } fault)
        {
            await Console.Error.WriteLineAsync($"gateway: {fault}");
            return GatewayCommand.BadSettings;
        }

        InlineScheduling.Prefer();
        using var host = Build(settings, source);
        try
        {
            await host.RunAsync(cancellation);
            return 0;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"gateway: {error.Message}");
            return 1;
        }
    }

    /// <param name="source">Where to load the settings again when their file changes; null: they stay.</param>
    /// <param name="logging">Where logs go; null: to the console.</param>
    public static IHost Build(GatewaySettings settings, SettingsSource? source = null, Action<ILoggingBuilder>? logging = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var levels = new LogLevels(settings.LogLevel);
        builder.Services.AddSingleton(levels);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFilter(levels.Allows).AddFilter<ReplicaJournal>(levels.AllowsInJournal);
        (logging ?? (console => console.AddSimpleConsole(static options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.UseUtcTimestamp = true;
        })))(builder.Logging);
        builder.Services.AddGateway(settings, source);
        return builder.Build();
    }

    /// <summary>Registers a replica. Hosted services stop in reverse order: the ingress first, the actors last.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewaySettings settings, SettingsSource? source)
    {
        services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = settings.Drain.Delay + settings.Drain.Timeout + ShutdownSlack);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<GatewayState>();
        services.AddSingleton(new ClusterOptions
        {
            GatewayId = settings.GatewayId,
            Version = NodeReplica.ProductVersion,
            Zone = settings.Zone,
            Sidecar = settings.SidecarMode,
            Address = settings.ClusterAddress is { } address ? (address.Host, address.Port) : null,
            Seeds = [.. settings.SeedNodes.Select(seed => seed.ToString())],
            Tls = settings.ClusterTls,
        });
        services.AddSingleton<ClusterViews>();
        services.AddSingleton<EvidenceLedger>();
        services.AddSingleton<EndpointFeed>();
        services.AddSingleton<IProbe, EndpointProbe>();
        services.AddSingleton<BackendTls>();
        services.AddSingleton(provider => new Http1Transport(
            provider.GetRequiredService<BackendTls>(), provider.GetRequiredService<TimeProvider>(), RequestRandom.NextUnit));
        services.AddSingleton(provider => new Http2Transport(
            provider.GetRequiredService<BackendTls>(), provider.GetRequiredService<TimeProvider>(), RequestRandom.NextUnit));
        services.AddSingleton<TransportSelector>();
        services.AddSingleton<ITransport>(provider => provider.GetRequiredService<TransportSelector>());
        services.AddSingleton<IConnectionCounts>(provider => provider.GetRequiredService<TransportSelector>());
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<GrantMetrics>();
        services.AddSingleton<ProxyHandler>();
        services.AddAkka(GatewayActorsExtensions.SystemName, actors => actors.WithGatewayActors(EnvironmentOf));
        services.AddHostedService<ClusterService>();
        services.AddSingleton<PoolsService>();
        services.AddSingleton<MetricsService>();
        services.AddSingleton<IngressService>();
        services.AddAdmin();
        services.AddHostedService(provider => provider.GetRequiredService<PoolsService>());
        services.AddHostedService(provider => provider.GetRequiredService<MetricsService>());
        services.AddHostedService(provider => provider.GetRequiredService<TrafficSampler>());
        services.AddHostedService(provider => provider.GetRequiredService<AdminService>());
        if (source is not null)
        {
            services.AddSingleton(source);
            services.AddSingleton<ReloadService>();
            services.AddHostedService(provider => provider.GetRequiredService<ReloadService>());
        }

        services.AddHostedService(provider => provider.GetRequiredService<IngressService>());
        services.AddHostedService<WarmUpService>();
        return services;
    }

    private static ActorEnvironment EnvironmentOf(IServiceProvider provider) => new(
        provider.GetRequiredService<TimeProvider>(),
        RequestRandom.NextUnit,
        provider.GetRequiredService<IProbe>(),
        new EndpointObserver(provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<TransportSelector>()),
        provider.GetRequiredService<ILoggerFactory>(),
        provider.GetRequiredService<GatewaySettings>().Limits.MaxConcurrentProbes)
    {
        Cluster = provider.GetRequiredService<ClusterOptions>(),
        ClusterObserver = provider.GetRequiredService<ClusterMetrics>(),
        GrantObserver = provider.GetRequiredService<GrantMetrics>(),
        Views = provider.GetRequiredService<ClusterViews>(),
        Overrides = provider.GetRequiredService<OverridesHolder>(),
        Evidence = provider.GetRequiredService<EvidenceLedger>(),
        Endpoints = provider.GetRequiredService<EndpointFeed>(),
    };
}
