using System.Net;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Prometheus;

namespace Gateway.Node.Hosting;

/// <summary>Serves <c>/metrics</c> on its own address, separate from the data path's server and its scheduling.</summary>
internal sealed partial class MetricsService(GatewaySettings settings, GatewayMetrics metrics, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 200;

    private readonly ILogger _log = loggers.CreateLogger<MetricsService>();
    private WebApplication? _server;

    /// <summary>The address it listens on; null while metrics are off.</summary>
    public IPEndPoint? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.MetricsEnabled)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = OpenFiles.ObserversWithin(MaxConnections, OpenFiles.Limit());
            options.Listen(settings.MetricsAddress);
        });
        _server = builder.Build();
        _server.UseMetricServer("/metrics", metrics.Registry);
        await _server.StartAsync(cancellationToken);
        Address = _server.BoundTo(settings.MetricsAddress);
        Log.Listening(_log, Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(73, LogLevel.Information, "metrics on http://{Address}/metrics", EventName = "metrics-listening")]
        public static partial void Listening(ILogger logger, IPEndPoint address);
    }
}
