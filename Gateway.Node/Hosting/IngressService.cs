using System.Net;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Hosting;

/// <summary>
/// Where requests come in: the engine, and Kestrel in front of it for HTTP/2 and for TLS. Shuts down in order: reports not ready for the drain delay while
/// still serving, then stops accepting and lets requests in flight finish within the drain timeout.
/// </summary>
internal sealed partial class IngressService : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The time for taking in connections already admitted; later they are lost.</summary>
    private static readonly TimeSpan PendingHandshakeTimeout = TimeSpan.FromSeconds(2);

    private readonly GatewaySettings _settings;
    private readonly GatewayState _state;
    private readonly EngineIngress _engine;
    private readonly LoopChoice _loops;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ListenSockets _sockets;
    private readonly int _maxClients;
    private readonly IngressServer _server;
    private readonly IngressServer _tlsServer;
    private readonly IngressServer _httpcgServer;
    private readonly TlsHandshakes _handshakes;
    private readonly LoopTls? _loopTls;
    private bool _listening;

    public IngressService(
        GatewaySettings settings, GatewayState state, EngineIngress engine, LoopChoice loops, GatewayMetrics metrics, CertificateStore certificates,
        ILoggerFactory loggers)
    {
        (_settings, _state, _engine, _loops, _metrics, _clock) = (settings, state, engine, loops, metrics, engine.Clock);
        _log = loggers.CreateLogger<IngressService>();
        _sockets = new(_clock);
        _maxClients = OpenFiles.ClientsWithin(settings.Limits.MaxClientConnections, OpenFiles.Limit());
        _server = new(settings, state, engine, metrics, _sockets, _maxClients, loggers);
        _tlsServer = new(settings, state, engine, metrics, _sockets, _maxClients, loggers);
        _httpcgServer = new(settings, state, engine, metrics, _sockets, _maxClients, loggers);
        _handshakes = new(certificates, engine, metrics, _maxClients, _clock, loggers.CreateLogger<TlsHandshakes>());
        _loopTls = NewLoopTls(certificates, loggers);
        (Address, Http2Address, TlsAddress, HttpcgAddress) = (settings.ListenAddress, settings.Http2Address, settings.Tls?.Address, settings.HttpcgAddress);
    }

    /// <summary>The address it listens on, with the port that the system chose for port 0.</summary>
    public IPEndPoint Address { get; private set; }

    /// <summary>The HTTP/2 address it listens on; null without one.</summary>
    public IPEndPoint? Http2Address { get; private set; }

    /// <summary>The TLS address it listens on; null without one.</summary>
    public IPEndPoint? TlsAddress { get; private set; }

    /// <summary>The httpcg address it listens on; null without one.</summary>
    public IPEndPoint? HttpcgAddress { get; private set; }

    private HttpEngine Engine => _settings.HttpEngine.OnThisSystem();

    /// <summary>Whether the engine listens by itself.</summary>
    private bool EngineListens => Engine == HttpEngine.Loops;

    /// <summary>Whether the engine serves connections accepted by Kestrel's transport.</summary>
    private bool TransportServes => Engine == HttpEngine.Transport;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_maxClients < _settings.Limits.MaxClientConnections)
        {
            Log.Capped(_log, _maxClients, OpenFiles.Limit(), _settings.Limits.MaxClientConnections);
        }

        if (_loops.FaultOf(_settings) is { } fault)
        {
            throw new IOException(fault);
        }

        if (_settings.Tls is { Engine: TlsEngine.OpenSsl } && LoopTlsFault is { } missing)
        {
            throw new IOException($"tls.engine 'openssl' is not available: {missing}");
        }

        Log.Loops(_log, _engine.LoopCount, _loops);
        if (!EngineListens)
        {
            _engine.Start(_loops.Kind);
        }
        else
        {
            Address = _engine.Listen(_sockets.Create(_settings.ListenAddress), _maxClients, _loops.Kind);
            _listening = true;
            Log.Listening(_log, _settings.GatewayId, Address);
        }

        if (!EngineListens)
        {
            await StartServerAsync(cancellationToken);
        }
        else if (_settings.Http2Address is { } http2)
        {
            Http2Address = _engine.ListenForHttp2(_sockets.Create(http2));
            Log.Listening(_log, _settings.GatewayId, Http2Address);
        }

        if (_settings.Tls is { } tls)
        {
            await StartTlsAsync(tls, cancellationToken);
        }

        if (_settings.HttpcgAddress is { } httpcg)
        {
            await StartHttpcgAsync(httpcg, cancellationToken);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _state.Drain();
        if (!_listening)
        {
            return; // Startup ended before anyone could be served.
        }

        Log.Draining(_log, _settings.Drain.Delay.TotalSeconds, _metrics.ActiveRequests);
        await Task.Delay(_settings.Drain.Delay, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listening)
        {
            await _sockets.ShutAsync(PendingHandshakeTimeout, cancellationToken);
            await EndHandshakesAsync(cancellationToken);
            using var limit = new CancellationTokenSource(_settings.Drain.Timeout, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            _engine.StopAccepting();
            await Task.WhenAll(_server.StopAsync(either.Token), _tlsServer.StopAsync(either.Token), _httpcgServer.StopAsync(either.Token));
            await _engine.StopAsync(either.Token);
            Log.Stopped(_log, _metrics.ActiveRequests);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tlsServer.DisposeAsync();
        await _httpcgServer.DisposeAsync();
        _loopTls?.Dispose();
    }

    private async Task StartServerAsync(CancellationToken cancellation)
    {
        await _server.StartAsync(ListenPlainly, TransportServes, isInline: InlineScheduling.IsOn && !TransportServes, cancellation);
        _listening = true;
        Address = _server.BoundTo(_settings.ListenAddress);
        Log.Listening(_log, _settings.GatewayId, Address);
        if (_settings.Http2Address is { } http2)
        {
            Http2Address = _server.BoundTo(http2, index: 1);
            Log.Listening(_log, _settings.GatewayId, Http2Address);
        }
    }

    private async Task StartHttpcgAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var isTls = _settings.HttpcgTls;
        if (EngineListens && !isTls)
        {
            HttpcgAddress = _engine.ListenForHttpcg(_sockets.Create(address));
        }
        else if (isTls && _loopTls is not null)
        {
            HttpcgAddress = _engine.ListenForTls(_sockets.Create(address), _loopTls.AcceptHttpcg);
        }
        else
        {
            await _httpcgServer.StartAsync(
                options => options.Listen(address, listen =>
                {
                    _httpcgServer.Guard(listen);
                    listen.Run(isTls ? _handshakes.ServeHttpcgAsync : connection => TransportConnection.ServeAsync(connection, _engine, acceptsHttpcg: true));
                }),
                bringsConnections: true,
                isInline: InlineScheduling.IsOn && isTls,
                cancellation);
            HttpcgAddress = _httpcgServer.BoundTo(address);
        }

        Log.ListeningHttpcg(_log, _settings.GatewayId, isTls ? "https" : "http", HttpcgAddress);
    }

    private void ListenPlainly(KestrelServerOptions options)
    {
        if (TransportServes)
        {
            options.Listen(_settings.ListenAddress, listen =>
            {
                _server.Guard(listen);
                listen.Run(connection => TransportConnection.ServeAsync(connection, _engine));
            });
        }
        else
        {
            options.Listen(_settings.ListenAddress, listen =>
            {
                _server.Guard(listen);
                _server.Parse(listen, HttpProtocols.Http1);
                listen.Use(HalfClose.Allow);
            });
        }

        if (_settings.Http2Address is { } http2)
        {
            options.Listen(http2, listen =>
            {
                _server.Guard(listen);
                if (TransportServes)
                {
                    listen.Run(connection => TransportConnection.ServeHttp2Async(connection, _engine));
                }
                else
                {
                    _server.Parse(listen, HttpProtocols.Http2);
                }
            });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Information, "replica {GatewayId} listens on {Address}", EventName = "listening")]
        public static partial void Listening(ILogger logger, string gatewayId, IPEndPoint address);

        [LoggerMessage(59, LogLevel.Information, "replica {GatewayId} listens for httpcg URLs over {Scheme} on {Address}", EventName = "httpcg-listening")]
        public static partial void ListeningHttpcg(ILogger logger, string gatewayId, string scheme, IPEndPoint address);

        [LoggerMessage(68, LogLevel.Information, "{Count} event loops using {Loops}", EventName = "event-loops-started")]
        public static partial void Loops(ILogger logger, int count, LoopChoice loops);

        [LoggerMessage(
            65, LogLevel.Warning,
            "accepting up to {Most} client connections, because the limit of open files is {Limit}; maxClientConnections is {Wanted} (raise the limit with ulimit -n or LimitNOFILE=)", EventName = "connections-capped")]
        public static partial void Capped(ILogger logger, int most, int? limit, int wanted);

        [LoggerMessage(61, LogLevel.Information, "draining: /ready fails; serving for another {Seconds} s, {Active} requests in flight", EventName = "draining")]
        public static partial void Draining(ILogger logger, double seconds, int active);

        [LoggerMessage(62, LogLevel.Information, "stopped; {Active} requests cut off", EventName = "stopped")]
        public static partial void Stopped(ILogger logger, int active);
    }
}
