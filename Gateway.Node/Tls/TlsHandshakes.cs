using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Node.Tls;

/// <summary>
/// Makes TLS sessions of clients' connections, by the certificate of the server that the client names. HTTP/2 goes on to Kestrel, HTTP/1.1 to the engine.
/// </summary>
/// <param name="mostClients">Connections beyond this are closed before their handshake.</param>
internal sealed class TlsHandshakes(
    CertificateStore certificates, EngineIngress engine, GatewayMetrics metrics, int mostClients, TimeProvider clock, ILogger log)
{
    /// <summary>For all of a handshake.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A fatal alert, unrecognized_name (RFC 8446 6, RFC 6066 3), before anything was agreed on.</summary>
    private static readonly byte[] UnrecognizedName = [21, 3, 3, 0, 2, 2, 112];

    /// <summary>How long a client that reads nothing may keep the alert from being sent.</summary>
    private static readonly TimeSpan LongestAlert = TimeSpan.FromSeconds(1);

    /// <summary>Has the engine serve sessions of HTTP/1.1 and of HTTP/2 alike.</summary>
    public Task ServeBothAsync(ConnectionContext connection) => ServeAsync(connection, http2: null, offersHttp2: true);

    /// <param name="http2">What serves a session that speaks HTTP/2.</param>
    public ConnectionDelegate Over(ConnectionDelegate http2) => connection => ServeAsync(connection, http2, offersHttp2: true);

    /// <summary>Serves a connection to the listener for httpcg URLs, over HTTP/1.1 alone: no other version has these as targets.</summary>
    public Task ServeHttpcgAsync(ConnectionContext connection) => ServeAsync(connection, http2: null, offersHttp2: false);

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate? http2, bool offersHttp2)
    {
        if (metrics.Tls.HandshakeBegun() + metrics.Clients > mostClients)
        {
            metrics.Tls.HandshakeEnded();
            connection.Abort(new ConnectionAbortedException("the limit of client connections is reached"));
            return;
        }

        await Task.Yield(); // Whoever accepts connections goes on to the next one.
        var beneath = new TransportStream(connection.Transport);
        await using var stream = new SslStream(beneath, leaveInnerStreamOpen: true);
        var handshake = new Handshake(certificates, offersHttp2);
        var served = Task.CompletedTask;
        try
        {
            if (await ShakeHandsAsync(connection, stream, beneath, handshake))
            {
                metrics.Tls.Succeeded(stream.SslProtocol);
                var session = new TlsSession(stream, handshake.Client);
                served = http2 is not null && session.IsHttp2
                    ? ServeHttp2Async(connection, session, http2)
                    : TlsClient.ServeAsync(connection, session, engine, takesHttpcg: !offersHttp2, clock);
            }
        }
        finally
        {
            metrics.Tls.HandshakeEnded(); // Whoever serves the session has counted its client by now.
        }

        await served;
    }

    private async Task ServeHttp2Async(ConnectionContext connection, TlsSession session, ConnectionDelegate http2)
    {
        var beneath = connection.Transport;
        connection.Transport = session;
        connection.Features.Set(session);
        connection.Features.Set<ITlsConnectionFeature>(session);
        connection.Features.Set<ITlsHandshakeFeature>(session);
        connection.Features.Set<ITlsApplicationProtocolFeature>(session);
        try
        {
            await http2(connection);
            await session.Input.CompleteAsync();
            await session.Output.CompleteAsync();
            await session.SayGoodbyeAsync(clock);
        }
        finally
        {
            connection.Transport = beneath;
        }
    }

    /// <summary>Whether a session came about; if not, it has been counted why.</summary>
    private async Task<bool> ShakeHandsAsync(ConnectionContext connection, SslStream stream, TransportStream beneath, Handshake handshake)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        try
        {
            await stream.AuthenticateAsServerAsync((_, hello, _, _) => handshake.Begin(hello), null, limit.Token);
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException or CryptographicException)
        {
            var end = handshake.Refusal
                ?? (limit.IsCancellationRequested ? HandshakeEnd.Timeout
                : beneath.HasEnded || error is IOException ? HandshakeEnd.Closed
                : HandshakeEnd.Protocol);
            HandshakeReport.Failed(metrics.Tls, log, connection.RemoteEndPoint, end, error.Message);
            if (end == HandshakeEnd.UnknownName)
            {
                Task alert = connection.Transport.Output.WriteAsync(UnrecognizedName).AsTask();
                await alert.WaitAsync(LongestAlert, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        }
    }
}
