using System.Net.Security;
using System.Security.Authentication;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Node.Tls;

/// <summary>
/// Makes TLS sessions of clients' connections, by the certificate of the server that the client names. HTTP/2 goes on to Kestrel, HTTP/1.1 to the engine.
/// </summary>
/// <param name="mostClients">Connections beyond this are closed before their handshake.</param>
internal sealed partial class TlsHandshakes(
    CertificateStore certificates, EngineIngress engine, GatewayMetrics metrics, int mostClients, TimeProvider clock, ILogger log)
{
    /// <summary>For all of a handshake.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>A fatal alert, unrecognized_name (RFC 8446 6, RFC 6066 3), before anything was agreed on.</summary>
    private static readonly byte[] UnrecognizedName = [21, 3, 3, 0, 2, 2, 112];

    private int _underWay;

    /// <summary>Handshakes that have begun and not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <param name="http2">What serves a session that speaks HTTP/2.</param>
    public ConnectionDelegate Over(ConnectionDelegate http2) => connection => ServeAsync(connection, http2);

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http2)
    {
        if (metrics.Clients + Interlocked.Increment(ref _underWay) > mostClients)
        {
            Interlocked.Decrement(ref _underWay);
            connection.Abort(new ConnectionAbortedException("there are as many clients as there may be"));
            return;
        }

        await Task.Yield(); // Whoever accepts connections goes on to the next one.
        var beneath = new TransportStream(connection.Transport);
        await using var stream = new SslStream(beneath, leaveInnerStreamOpen: true);
        bool isSession;
        try
        {
            isSession = await ShakeHandsAsync(connection, stream, beneath);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        if (!isSession)
        {
            return;
        }

        var session = new TlsSession(stream);
        metrics.Tls.Succeeded(stream.SslProtocol);
        if (session.IsHttp2)
        {
            await ServeHttp2Async(connection, session, http2);
        }
        else
        {
            await TlsClient.ServeAsync(connection, session, engine, clock);
        }
    }

    private async Task ServeHttp2Async(ConnectionContext connection, TlsSession session, ConnectionDelegate http2)
    {
        var beneath = connection.Transport;
        connection.Transport = session;
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
    private async Task<bool> ShakeHandsAsync(ConnectionContext connection, SslStream stream, TransportStream beneath)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        var isUnknown = false;
        try
        {
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    var served = certificates.Current.For(hello.ServerName);
                    isUnknown = served is null;
                    return served is null
                        ? throw new AuthenticationException("no certificate is for this name")
                        : ValueTask.FromResult(OptionsOf(served));
                },
                null,
                limit.Token);
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            var end = isUnknown ? HandshakeEnd.UnknownName
                : limit.IsCancellationRequested ? HandshakeEnd.Timeout
                : beneath.HasEnded || error is IOException ? HandshakeEnd.Closed
                : HandshakeEnd.Protocol;
            metrics.Tls.Failed(end);
            Log.Failed(log, connection.RemoteEndPoint, TlsMetrics.NameOf(end), error.Message);
            if (isUnknown)
            {
                await connection.Transport.Output.WriteAsync(UnrecognizedName);
            }

            return false;
        }
    }

    private static SslServerAuthenticationOptions OptionsOf(ServedCertificate served) => new()
    {
        ServerCertificateContext = served.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = Protocols,
        AllowRenegotiation = false,
    };

    private static partial class Log
    {
        [LoggerMessage(125, LogLevel.Debug, "handshake with {Client} failed ({Reason}): {What}")]
        public static partial void Failed(ILogger logger, System.Net.EndPoint? client, string reason, string what);
    }
}
