using System.Net;
using System.Text;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Node.Hosting;

/// <summary>A Kestrel server that brings requests to the engine: parsed ones, or connections for the engine to parse.</summary>
/// <param name="sockets">Its listening sockets.</param>
/// <param name="maxClients">The connections of a listener beyond which further ones are closed at once.</param>
internal sealed class IngressServer(
    GatewaySettings settings, GatewayState state, EngineIngress engine, GatewayMetrics metrics, ListenSockets sockets, int maxClients,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    /// <summary>The bytes that Kestrel's transport reads ahead of the engine per connection.</summary>
    private const int TransportBuffer = 64 * 1024;

    /// <summary>A flush to it then completes when the system has taken everything, so that the engine knows the client's backlog.</summary>
    private const int MinTransportBuffer = 1;

    private WebApplication? _server;
    private IDisposable? _badRequests;

    /// <param name="listen">Configures its addresses and their protocols.</param>
    /// <param name="bringsConnections">Whether the engine reads and writes its connections.</param>
    /// <param name="isInline">Whether socket completions run on the thread that detects them.</param>
    public async Task StartAsync(Action<KestrelServerOptions> listen, bool bringsConnections, bool isInline, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore()
            .UseSockets(options =>
            {
                options.UnsafePreferInlineScheduling = isInline;
                options.CreateBoundListenSocket = sockets.Create;
                if (bringsConnections)
                {
                    (options.MaxReadBufferSize, options.MaxWriteBufferSize) = (TransportBuffer, MinTransportBuffer);
                }
            })
            .ConfigureKestrel(options =>
            {
                Limit(options);
                listen(options);
            });
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => new PatientListenerFactory(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider), engine.Clock, loggers.CreateLogger<PatientListener>()));
        _server = builder.Build();
        _badRequests = BadRequestObserver.Subscribe(_server.Services, metrics, engine);
        await Kestrel.StartAsync(new EngineApplication(state), cancellation);
    }

    /// <summary>An address it listens on: the configured one, with the port that the system chose for port 0.</summary>
    /// <param name="index">The index among its addresses, in the order in which they were configured.</param>
    public IPEndPoint BoundTo(IPEndPoint wanted, int index = 0) => _server!.BoundTo(wanted, index);

    /// <summary>Makes a listener's connections pass the PROXY protocol header and <see cref="ClientAdmission"/> before anything else.</summary>
    public void Guard(ListenOptions listen)
    {
        new ProxiedConnections(state, metrics, engine.Clock).Over(listen);
        listen.Use(next => connection => AdmitAsync(connection, next));
    }

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var peer = ClientAddress.PeerOf(connection.RemoteEndPoint);
        if (!engine.Admission.TryAdmit(peer, out var isCounted))
        {
            connection.Abort(new ConnectionAbortedException("connections of this client are not accepted"));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            if (isCounted)
            {
                engine.Admission.Release(peer);
            }
        }
    }

    /// <summary>Makes Kestrel parse the requests of a listener's connections, and counts these as clients.</summary>
    public void Parse(ListenOptions listen, HttpProtocols protocols)
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

    /// <summary>Stops accepting, and completes when all connections have ended; at the limit they are aborted.</summary>
    public async Task StopAsync(CancellationToken limit)
    {
        if (_server is null)
        {
            return;
        }

        using var abort = new CancellationTokenSource();
        var stopping = Kestrel.StopAsync(abort.Token);
        await stopping.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopping.IsCompleted)
        {
            await engine.GoAwayAsync();
            await stopping.WaitAsync(EngineIngress.CloseTimeout, engine.Clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What was said last is yet to be sent.
            await abort.CancelAsync();
        }

        await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        _badRequests?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private IServer Kestrel => _server!.Services.GetRequiredService<IServer>();

    private void Limit(KestrelServerOptions options)
    {
        var limits = settings.Limits;
        options.AddServerHeader = false;
        options.AllowHostHeaderOverride = true;
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.Limits.MaxRequestBodySize = null; // The route's limit is set for each request.
        options.Limits.MaxRequestHeadersTotalSize = limits.MaxRequestHeadSize;
        options.Limits.MaxRequestHeaderCount = limits.MaxRequestFields;
        options.Limits.MaxRequestLineSize = Math.Min(limits.MaxRequestHeadSize, options.Limits.MaxRequestLineSize * 2);
        options.Limits.MaxConcurrentConnections = maxClients;
        options.Limits.MaxConcurrentUpgradedConnections = maxClients;
        options.Limits.MinRequestBodyDataRate = null; // The engine enforces it, and knows when a body may pause.
        options.Limits.MinResponseDataRate = limits.MinResponseDataRate == 0 ? null : new(limits.MinResponseDataRate, RateGrace);
    }
}
