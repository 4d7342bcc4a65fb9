using System.Net;
using Gateway.Node.Hosting;
using Gateway.Node.Page;
using Gateway.Node.Settings;

namespace Gateway.Node.Admin;

/// <summary>
/// Serves the admin API on its own address, separate from the data path's server and its scheduling. It is up before requests come in and until they have
/// ended, so that a replica can be inspected while it starts and shuts down. Its server starts while the rest of the replica does, so it may answer before the
/// pools exist; the gain is within the variation (docs/performance.md, "Sidecar").
/// </summary>
internal sealed partial class AdminService(GatewaySettings settings, AdminRoutes routes, TimeProvider clock, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private const int MaxConnections = 200;
    private const long MaxBody = 64 * 1024;

    /// <summary>The time limit for requests in flight at shutdown; streams are ended at once.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = loggers.CreateLogger<AdminService>();
    private WebApplication? _server;
    private Task _starting = Task.CompletedTask;

    /// <summary>The address it listens on, with the port that the system chose for port 0.</summary>
    public IPEndPoint Address { get; private set; } = settings.AdminAddress;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(() => ListenAsync(cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => _starting;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // A failed start was reported already.
        await (_server?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // If another service failed to start, this one was not stopped.
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var (token, fault) = AdminToken.Load(settings);
        if (fault is not null)
        {
            throw new InvalidOperationException(fault);
        }

        _server = Build(new AdminGuard(token));
        await _server.StartAsync(cancellationToken);
        Address = _server.BoundTo(settings.AdminAddress);
        Log.Listening(_log, Address, token is null ? "without a token" : "with a token");
    }

    private WebApplication Build(AdminGuard guard)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = OpenFiles.ObserversWithin(MaxConnections, OpenFiles.Limit());
            options.Limits.MaxRequestBodySize = MaxBody;
            options.Listen(settings.AdminAddress);
        });
        var server = builder.Build();
        var refusals = new RefusalLog(_log, clock);
        server.Use(next => context => guard.Check(context.Request, open: PageFiles.Holds(context.Request)) is { } refusal
            ? RefuseAsync(context, refusal, refusals)
            : next(context));
        server.UseRouting();
        routes.Map(server);
        PageFiles.Map(server);
        return server;
    }

    private static Task RefuseAsync(HttpContext context, AdminRefusal refusal, RefusalLog refusals)
    {
        if (refusal.IsCallerFault)
        {
            refusals.Write(context.Connection.RemoteIpAddress, refusal.Detail);
        }

        return AdminRoutes.RefuseAsync(context, refusal.Status, refusal.Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(98, LogLevel.Information, "admin API on http://{Address}, {How}", EventName = "admin-listening")]
        public static partial void Listening(ILogger logger, IPEndPoint address, string how);
    }
}
