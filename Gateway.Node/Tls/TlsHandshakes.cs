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
/// Makes TLS sessions from clients' connections, with the certificate for the requested server name. HTTP/2 is passed to Kestrel, HTTP/1.1 to the engine.
/// </summary>
/// <param name="maxClients">The connections beyond which further ones are closed before their handshake.</param>
internal sealed class TlsHandshakes(
    CertificateStore certificates, EngineIngress engine, GatewayMetrics metrics, int maxClients, TimeProvider clock, ILogger log)
{
    /// <summary>The time limit of a handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A fatal alert, unrecognized_name (RFC 8446 6, RFC 6066 3), before anything was agreed on.</summary>
    private static readonly byte[] UnrecognizedName = [21, 3, 3, 0, 2, 2, 112];

    /// <summary>The time limit for sending the alert to a client that reads nothing.</summary>
    private static readonly TimeSpan AlertTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Passes HTTP/1.1 and HTTP/2 sessions to the engine.</summary>
    public Task ServeBothAsync(ConnectionContext connection) => ServeAsync(connection, http2: null, offersHttp2: true);

    /// <param name="http2">Serves HTTP/2 sessions.</param>
    public ConnectionDelegate Over(ConnectionDelegate http2) => connection => ServeAsync(connection, http2, offersHttp2: true);

    /// <summary>Serves a connection to the httpcg listener, over HTTP/1.1 only: HTTP/2 has no httpcg targets.</summary>
    public Task ServeHttpcgAsync(ConnectionContext connection) => ServeAsync(connection, http2: null, offersHttp2: false);

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate? http2, bool offersHttp2)
    {
        if (metrics.Tls.HandshakeBegun() + metrics.Clients > maxClients)
        {
            metrics.Tls.HandshakeEnded();
            connection.Abort(new ConnectionAbortedException("the limit of client connections is reached"));
            return;
        }

        await Task.Yield(); // Lets the accept loop continue.
        var inner = new TransportStream(connection.Transport);
        await using var stream = new SslStream(inner, leaveInnerStreamOpen: true);
        var handshake = new Handshake(certificates, offersHttp2);
        var served = Task.CompletedTask;
        try
        {
            if (await HandshakeAsync(connection, stream, inner, handshake))
            {
                metrics.Tls.Succeeded(stream.SslProtocol);
                var session = new TlsSession(stream, handshake.Client);
                served = http2 is not null && session.IsHttp2
                    ? ServeHttp2Async(connection, session, http2)
                    : TlsClient.ServeAsync(connection, session, engine, acceptsHttpcg: !offersHttp2, clock);
            }
        }
        finally
        {
            metrics.Tls.HandshakeEnded(); // The session's client is counted by now.
        }

        await served;
    }

    private async Task ServeHttp2Async(ConnectionContext connection, TlsSession session, ConnectionDelegate http2)
    {
        var inner = connection.Transport;
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
            await session.SendCloseNotifyAsync(clock);
        }
        finally
        {
            connection.Transport = inner;
        }
    }

    /// <summary>Shakes hands. Returns whether there is a session; a failure has been counted.</summary>
    private async Task<bool> HandshakeAsync(ConnectionContext connection, SslStream stream, TransportStream inner, Handshake handshake)
    {
        using var limit = new CancellationTokenSource(HandshakeTimeout, clock);
        try
        {
            await stream.AuthenticateAsServerAsync((_, hello, _, _) => handshake.Begin(hello), null, limit.Token);
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException or CryptographicException)
        {
            var end = handshake.Refusal
                ?? (limit.IsCancellationRequested ? HandshakeEnd.Timeout
                : inner.HasEnded || error is IOException ? HandshakeEnd.Closed
                : HandshakeEnd.Protocol);
            HandshakeReport.Failed(metrics.Tls, log, connection.RemoteEndPoint, end, error.Message);
            if (end == HandshakeEnd.UnknownName)
            {
                Task alert = connection.Transport.Output.WriteAsync(UnrecognizedName).AsTask();
                await alert.WaitAsync(AlertTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        }
    }
}
