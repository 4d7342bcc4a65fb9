using System.Net;
using System.Text;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Node.Hosting;

/// <summary>
/// Where requests come in: the engine, and Kestrel in front of it for HTTP/2. Leaves in order: it says so for the drain delay while it goes on serving, then
/// accepts no more and lets what is in flight finish within the drain timeout.
/// </summary>
internal sealed partial class IngressService(
    GatewaySettings settings, GatewayState state, EngineIngress engine, LoopChoice loops, GatewayMetrics metrics, TimeProvider clock, ILoggerFactory loggers)
    : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    /// <summary>For what was let in to be taken in; after it those connections are lost.</summary>
    private static readonly TimeSpan LongestShutting = TimeSpan.FromSeconds(2);

    /// <summary>What Kestrel's transport reads ahead of the engine for each connection.</summary>
    private const int TransportBuffer = 64 * 1024;

    /// <summary>A flush to it then ends when the system has taken all, so that the engine knows what the client has yet to take.</summary>
    private const int LeastTransportBuffer = 1;

    private readonly ILogger _log = loggers.CreateLogger<IngressService>();
    private readonly ListenSockets _sockets = new(clock);
    private readonly int _mostClients = OpenFiles.ClientsWithin(settings.Limits.MaxClientConnections, OpenFiles.Limit());
    private WebApplication? _server;
    private IDisposable? _badRequests;
    private bool _listening;

    /// <summary>Where it listens, with the port that the system chose for port 0.</summary>
    public IPEndPoint Address { get; private set; } = settings.ListenAddress;

    /// <summary>The same of the address for HTTP/2; null without one.</summary>
    public IPEndPoint? Http2Address { get; private set; } = settings.Http2Address;

    private HttpEngine Engine => settings.HttpEngine.OnThisSystem();

    /// <summary>Whether the engine listens by itself.</summary>
    private bool EngineListens => Engine == HttpEngine.Loops;

    /// <summary>Whether the engine serves what Kestrel's transport accepts.</summary>
    private bool TransportServes => Engine == HttpEngine.Transport;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_mostClients < settings.Limits.MaxClientConnections)
        {
            Log.Capped(_log, _mostClients, OpenFiles.Limit(), settings.Limits.MaxClientConnections);
        }

        if (loops.FaultOf(settings) is { } fault)
        {
            throw new IOException(fault);
        }

        Log.Loops(_log, engine.LoopCount, loops);
        if (!EngineListens)
        {
            engine.Start(loops.Kind);
        }
        else
        {
            Address = engine.Listen(_sockets.Create(settings.ListenAddress), _mostClients, loops.Kind);
            _listening = true;
            Log.Listening(_log, settings.GatewayId, Address);
        }

        if (!EngineListens || settings.Http2Address is not null)
        {
            await StartServerAsync(cancellationToken);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Drain();
        if (!_listening)
        {
            return; // The start ended before anyone could be served.
        }

        Log.Draining(_log, settings.Drain.Delay.TotalSeconds, metrics.ActiveRequests);
        await Task.Delay(settings.Drain.Delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listening)
        {
            await _sockets.ShutAsync(LongestShutting, cancellationToken);
            using var limit = new CancellationTokenSource(settings.Drain.Timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            engine.StopAccepting();
            await StopServerAsync(either.Token);
            await engine.StopAsync(either.Token);
            Log.Stopped(_log, metrics.ActiveRequests);
        }
    }

    private async Task StopServerAsync(CancellationToken limit)
    {
        if (_server is null)
        {
            return;
        }

        using var abort = new CancellationTokenSource();
        var stopping = Kestrel(_server).StopAsync(abort.Token);
        await stopping.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCompleted)
        {
            await engine.GoAwayAsync();
            await abort.CancelAsync();
        }

        await stopping;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _badRequests?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task StartServerAsync(CancellationToken cancellation)
    {
        _server = Build();
        _badRequests = BadRequestObserver.Subscribe(_server.Services, metrics, engine);
        await Kestrel(_server).StartAsync(new EngineApplication(state), cancellation);
        _listening = true;
        if (!EngineListens)
        {
            Address = _server.BoundTo(settings.ListenAddress);
            Log.Listening(_log, settings.GatewayId, Address);
        }

        if (settings.Http2Address is { } http2)
        {
            Http2Address = _server.BoundTo(http2, index: EngineListens ? 0 : 1);
            Log.Listening(_log, settings.GatewayId, Http2Address);
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore()
            .UseSockets(sockets =>
            {
                sockets.UnsafePreferInlineScheduling = InlineScheduling.IsOn && !TransportServes;
                sockets.CreateBoundListenSocket = _sockets.Create;
                if (TransportServes)
                {
                    (sockets.MaxReadBufferSize, sockets.MaxWriteBufferSize) = (TransportBuffer, LeastTransportBuffer);
                }
            })
            .ConfigureKestrel(Configure);
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => new PatientListenerFactory(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider), clock, loggers.CreateLogger<PatientListener>()));
        return builder.Build();
    }

    private static IServer Kestrel(WebApplication server) => server.Services.GetRequiredService<IServer>();

    private void Configure(KestrelServerOptions options)
    {
        var limits = settings.Limits;
        options.AddServerHeader = false;
        options.AllowHostHeaderOverride = true;
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.Limits.MaxRequestBodySize = null; // The route's own limit is set for each request.
        options.Limits.MaxRequestHeadersTotalSize = limits.MaxRequestHeadSize;
        options.Limits.MaxRequestHeaderCount = limits.MaxRequestFields;
        options.Limits.MaxRequestLineSize = Math.Min(limits.MaxRequestHeadSize, options.Limits.MaxRequestLineSize * 2);
        options.Limits.MaxConcurrentConnections = _mostClients;
        options.Limits.MaxConcurrentUpgradedConnections = _mostClients;
        options.Limits.MinRequestBodyDataRate = null; // The engine sees to it, and knows when a body may rest.
        options.Limits.MinResponseDataRate = RateOf(limits.MinResponseDataRate);
        if (TransportServes)
        {
            options.Listen(settings.ListenAddress, listen => listen.Run(connection => TransportConnection.ServeAsync(connection, engine)));
        }
        else if (!EngineListens)
        {
            options.Listen(settings.ListenAddress, listen =>
            {
                Listen(listen, HttpProtocols.Http1);
                listen.Use(HalfClose.Allow);
            });
        }

        if (settings.Http2Address is { } http2)
        {
            options.Listen(http2, listen =>
            {
                Listen(listen, HttpProtocols.Http2);
                listen.WithholdExtendedConnect();
            });
        }
    }

    private void Listen(ListenOptions listen, HttpProtocols protocols)
    {
        listen.Protocols = protocols;
        listen.Use(next => async connection =>
        {
            var conversations = new Conversations(engine, connection);
            connection.Features.Set(conversations);
            metrics.ClientConnected();
            try
            {
                await next(connection);
            }
            finally
            {
                conversations.End();
                metrics.ClientLeft();
            }
        });
    }

    private static MinDataRate? RateOf(int bytesPerSecond) => bytesPerSecond == 0 ? null : new(bytesPerSecond, RateGrace);

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Information, "replica {GatewayId} listens on {Address}")]
        public static partial void Listening(ILogger logger, string gatewayId, IPEndPoint address);

        [LoggerMessage(68, LogLevel.Information, "{Count} event loops on {Loops}")]
        public static partial void Loops(ILogger logger, int count, LoopChoice loops);

        [LoggerMessage(
            65, LogLevel.Warning,
            "at most {Most} client connections are taken, since {Limit} files may be open at once; maxClientConnections is {Wanted} (raise the limit by ulimit -n or LimitNOFILE=)")]
        public static partial void Capped(ILogger logger, int most, int? limit, int wanted);

        [LoggerMessage(61, LogLevel.Information, "leaving: not ready any more, serving for {Seconds} s yet, {Active} requests in flight")]
        public static partial void Draining(ILogger logger, double seconds, int active);

        [LoggerMessage(62, LogLevel.Information, "closed, {Active} requests cut off")]
        public static partial void Stopped(ILogger logger, int active);
    }
}
