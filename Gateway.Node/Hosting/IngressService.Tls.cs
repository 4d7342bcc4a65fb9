using System.Net;
using Gateway.Node.Settings;
using Gateway.Wire.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Hosting;

/// <summary>TLS: on the event loops where the engine listens and OpenSSL is there, else by .NET's streams over Kestrel's transport.</summary>
internal sealed partial class IngressService
{
    /// <summary>How often the end looks whether handshakes have ended.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Why TLS is not on the event loops; null: it is.</summary>
    private string? TlsFault => EngineListens ? TlsContext.Fault : "the engine does not listen by itself";

    private async Task StartTlsAsync(TlsSettings tls, CancellationToken cancellation)
    {
        TlsAddress = _loopTls is not null ? _engine.ListenForTls(_sockets.Create(tls.Address), _loopTls.Accept) : await StartTlsServerAsync(tls, cancellation);
        TlsLog.Listening(_log, _settings.GatewayId, TlsAddress);
        TlsLog.By(_log, TlsFault is { } fault ? $".NET's SslStream, since {fault}" : $"{TlsContext.LibraryVersion}, on the event loops");
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

    /// <summary>A handshake that is under way becomes a client that can be told to leave.</summary>
    private async Task EndHandshakesAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(LongestShutting, _clock);
        while (_metrics.Tls.Handshakes > 0 && !limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(Look, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class TlsLog
    {
        [LoggerMessage(69, LogLevel.Information, "replica {GatewayId} listens for TLS on {Address}")]
        public static partial void Listening(ILogger logger, string gatewayId, IPEndPoint address);

        [LoggerMessage(127, LogLevel.Information, "TLS with clients is by {Library}")]
        public static partial void By(ILogger logger, string library);
    }
}
