using System.Net.Sockets;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Composition;
using Gateway.Actors.Journal;
using Gateway.Actors.Running;
using Gateway.Actors.Surroundings;
using Gateway.Node.AccessLogs;
using Gateway.Node.Admin;
using Gateway.Node.Engine;
using Gateway.Node.Engine.Http2;
using Gateway.Node.Exporting;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Probing;
using Gateway.Node.Recording;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Binding;
using Gateway.Node.Settings.Loading;
using Gateway.Node.Signals;
using Gateway.Node.State;
using Gateway.Node.Tls;
using Gateway.Node.Tracing;
using Gateway.Node.WarmUp;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Node.Composition;

/// <summary>Composes a replica. Several can run in one process; nothing is static.</summary>
internal static class GatewayHost
{
    /// <summary>The time beyond drain delay and drain timeout before the host gives up on an orderly shutdown.</summary>
    private static readonly TimeSpan ShutdownSlack = TimeSpan.FromSeconds(6);

    /// <summary>Runs a replica until it is asked to stop, at any moment of its startup.</summary>
    /// <returns>
    /// The exit code: 0 when it was asked to stop; 1 when it ended by itself, or could not shut down gracefully; 2 when an address cannot be listened on or a
    /// file cannot be used, with a line each on standard error.
    /// </returns>
    public static async Task<int> RunAsync(GatewaySettings settings, SettingsSource source, ProcessSignals signals)
    {
        if (await StartFaults.OfAsync(settings) is [_, ..] faults)
        {
            await SayAsync(faults);
            return GatewayCommand.BadSettings;
        }

        InlineScheduling.Prefer();
        using var host = Build(settings, source, signals: signals);
        var manager = ServiceNotifier.OfProcess();
        var code = await ServeAsync(host, manager, signals.Stop);
        manager.Stopping();
        try
        {
            await host.StopAsync(signals.Now);
        }
        catch (Exception error) when (error is OperationCanceledException or AggregateException && !signals.Now.IsCancellationRequested)
        {
            await SayAsync([$"shutdown did not complete in time: {error.Message}"]);
            return 1;
        }
        catch (Exception error) when (error is OperationCanceledException or AggregateException)
        {
            // It was asked to stop immediately: operations that were cut short throw this.
        }

        return code;
    }

    /// <summary>Starts, and completes when it is to stop.</summary>
    private static async Task<int> ServeAsync(IHost host, ServiceNotifier manager, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
            manager.Ready();
            var ending = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, ending);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return stop.IsCancellationRequested ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await SayAsync([error.Message]); // It was free when checked, and no longer is.
            return GatewayCommand.BadSettings;
        }
    }

    private static async Task SayAsync(IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"gateway: {fault}");
        }
    }

    /// <param name="source">The source for reloads; null: settings never change.</param>
    /// <param name="logging">Configures logging; null: to the console.</param>
    /// <param name="signals">The signals whose SIGHUP reloads the settings; null: none.</param>
    public static IHost Build(
        GatewaySettings settings, SettingsSource? source = null, Action<ILoggingBuilder>? logging = null, ProcessSignals? signals = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var levels = new LogLevels(settings.LogLevel);
        builder.Services.AddSingleton(levels);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFilter(levels.Allows).AddFilter<ReplicaJournal>(levels.AllowsInJournal);
        (logging ?? (console => AddConsole(console, settings)))(builder.Logging);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (signals is not null)
        {
            builder.Services.AddSingleton(signals);
        }

        builder.Services.AddGateway(settings, source);
        return builder.Build();
    }

    /// <summary>Adds the console. If the access log uses standard output, it has it exclusively.</summary>
    private static void AddConsole(ILoggingBuilder logging, GatewaySettings settings)
    {
        logging.AddSimpleConsole(static options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.UseUtcTimestamp = true;
        });
        if (settings.AccessLog is { To: AccessLogSettings.StandardOutput })
        {
            logging.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }

    /// <summary>Registers a replica. Hosted services stop in reverse order: the ingress first, the actors last.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewaySettings settings, SettingsSource? source)
    {
        services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = settings.Drain.Delay + settings.Drain.Timeout + ShutdownSlack);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new RunningClock(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(settings);
        services.TryAddSingleton(LoopProbe.OfSystem);
        services.AddSingleton(provider => LoopChoice.Of(settings, provider.GetRequiredService<LoopProbe>().FaultOf));
        services.AddSingleton<GatewayState>();
        services.AddSingleton(new ClusterOptions
        {
            GatewayId = settings.GatewayId,
            Version = ProductVersion.Text,
            Zone = settings.Zone,
            Sidecar = settings.SidecarMode,
            Address = settings.ClusterAddress,
            Seeds = settings.SeedNodes,
            Tls = settings.ClusterTls,
        });
        services.AddSingleton<ClusterViews>();
        services.AddSingleton<EvidenceLedger>();
        services.AddSingleton<SettingsAgreement>();
        services.AddSingleton<EndpointFeed>();
        services.AddSingleton<Vitals>();
        services.AddSingleton<ProbeLoadHolder>();
        services.AddSingleton<IProbe>(provider => new EndpointProbe(provider.GetRequiredService<BackendTls>(), provider.GetRequiredService<RunningClock>()));
        services.AddSingleton<BackendTls>();
        services.AddSingleton<ConnectionCounts>();
        services.AddSingleton(provider => new Http2Pools(
            provider.GetRequiredService<BackendTls>(), provider.GetRequiredService<RunningClock>(), RequestRandom.NextUnit));
        services.AddSingleton<AllConnections>();
        services.AddSingleton<IConnectionCounts>(provider => provider.GetRequiredService<AllConnections>());
        services.AddSingleton(provider => new GatewayMetrics(provider.GetRequiredService<IConnectionCounts>(), provider.GetRequiredService<RunningClock>()));
        services.AddSingleton(provider => new EngineIngress(
            provider.GetRequiredService<GatewaySettings>(), provider.GetRequiredService<GatewayState>(), provider.GetRequiredService<GatewayMetrics>(),
            new(provider.GetRequiredService<ConnectionCounts>(), provider.GetRequiredService<Http2Pools>(), provider.GetRequiredService<BackendTls>()),
            Http2Clients.Of, provider.GetRequiredService<RunningClock>(), provider.GetRequiredService<ILoggerFactory>())
        {
            Recording = new(provider.GetService<AccessQueue>(), provider.GetService<TraceRule>()),
        });
        services.AddSingleton<CertificateStore>();
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<GrantMetrics>();
        services.AddSingleton<ActorMetrics>();
        services.AddGatewayActors(EnvironmentOf);
        services.AddHostedService<PauseService>();
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

        if (settings.Tls is not null)
        {
            services.AddHostedService<CertificateWatch>();
        }

        services.AddAccessLog(settings);
        services.AddTracing(settings);
        services.AddMetricsExport(settings);
        services.AddHostedService(provider => provider.GetRequiredService<IngressService>());
        services.AddHostedService<WarmUpService>();
        return services;
    }

    private static ActorEnvironment EnvironmentOf(IServiceProvider provider)
    {
        _ = provider.GetRequiredService<ActorMetrics>(); // Nothing else requests it.
        var traffic = provider.GetRequiredService<TrafficSampler>();
        return new(
            provider.GetRequiredService<TimeProvider>(),
            RequestRandom.NextUnit,
            provider.GetRequiredService<IProbe>(),
            new EndpointObserver(provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<AllConnections>(), provider.GetRequiredService<EndpointFeed>()),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<GatewaySettings>().Limits.MaxConcurrentProbes)
        {
            Cluster = provider.GetRequiredService<ClusterOptions>(),
            ClusterObserver = provider.GetRequiredService<ClusterMetrics>(),
            GrantObserver = provider.GetRequiredService<GrantMetrics>(),
            Views = provider.GetRequiredService<ClusterViews>(),
            Overrides = provider.GetRequiredService<OverridesHolder>(),
            Evidence = provider.GetRequiredService<EvidenceLedger>(),
            Agreement = provider.GetRequiredService<SettingsAgreement>(),
            PoolDigest = SettingsDocument.DigestOf,
            Tail = endpoint => traffic.AttemptsAt(endpoint).P99,
            Vitals = provider.GetRequiredService<Vitals>(),
            ProbeLoad = provider.GetRequiredService<ProbeLoadHolder>(),
            Running = provider.GetRequiredService<RunningClock>(),
        };
    }
}
