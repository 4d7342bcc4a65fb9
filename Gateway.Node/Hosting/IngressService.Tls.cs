using System.Net;
using Gateway.Node.Settings;
using Gateway.Node.Tls;
using Gateway.Wire.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Hosting;

/// <summary>TLS: on the event loops, or by .NET's streams over Kestrel's transport if the settings ask for it or the loops cannot.</summary>
internal sealed partial class IngressService
{
    /// <summary>The interval of checks whether handshakes have ended.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(5);

    private bool IsTlsOnLoops => _settings.Tls.Resolve(_settings.HttpEngine)?.Engine == TlsEngine.OpenSsl;

    /// <summary>Why the event loops cannot serve TLS; null: they can. A configuration file that asks for it is refused then.</summary>
    private string? LoopTlsFault => EngineListens ? TlsContext.Fault : "it requires httpEngine auto or loops, on Linux";

    private LoopTls? NewLoopTls(CertificateStore certificates, ILoggerFactory loggers) =>
        IsTlsOnLoops && LoopTlsFault is null ? new(certificates, _clock, loggers.CreateLogger<TlsHandshakes>()) : null;

    private async Task StartTlsAsync(TlsSettings tls, CancellationToken cancellation)
    {
        TlsAddress = _loopTls is not null ? _engine.ListenForTls(_sockets.Create(tls.Address), _loopTls.Accept) : await StartTlsServerAsync(tls, cancellation);
        TlsLog.Listening(_log, _settings.GatewayId, TlsAddress);
        if (_loopTls is not null)
        {
            TlsLog.OnLoops(_log, TlsContext.LibraryVersion);
        }
        else if (tls.Engine == TlsEngine.Auto && EngineListens && LoopTlsFault is { } fault)
        {
            TlsLog.NotOnLoops(_log, fault);
        }
    }

    private async Task<IPEndPoint> StartTlsServerAsync(TlsSettings tls, CancellationToken cancellation)
    {
        await _tlsServer.StartAsync(
            options => options.Listen(tls.Address, listen =>
            {
                _tlsServer.Guard(listen);
                if (Engine == HttpEngine.Kestrel)
                {
                    listen.Use(_handshakes.Over);
                    _tlsServer.Parse(listen, HttpProtocols.Http2);
                }
                else
                {
                    listen.Run(_handshakes.ServeBothAsync);
                }
            }),
            bringsConnections: true,
            InlineScheduling.IsOn,
            cancellation);
        _listening = true;
        return _tlsServer.BoundTo(tls.Address);
    }

    /// <summary>Waits for handshakes in progress, which become clients that can be asked to leave.</summary>
    private async Task EndHandshakesAsync(CancellationToken cancellation)
    {
        _engine.EndSilentArrivals();
        using var limit = new CancellationTokenSource(PendingHandshakeTimeout, _clock);
        while (_metrics.Tls.Handshakes > 0 && !limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class TlsLog
    {
        [LoggerMessage(69, LogLevel.Information, "replica {GatewayId} listens for TLS on {Address}", EventName = "tls-listening")]
        public static partial void Listening(ILogger logger, string gatewayId, IPEndPoint address);

        [LoggerMessage(127, LogLevel.Information, "TLS with clients uses {Library} on the event loops", EventName = "tls-engine-chosen")]
        public static partial void OnLoops(ILogger logger, string library);

        [LoggerMessage(128, LogLevel.Information, "TLS with clients uses SslStream; OpenSSL on the event loops is not available: {Fault}", EventName = "tls-engine-fallback")]
        public static partial void NotOnLoops(ILogger logger, string fault);
    }
}
