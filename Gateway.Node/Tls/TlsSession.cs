using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Engine;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Node.Tls;

/// <summary>A TLS session with a client, as pipes, with the features that Kestrel's HTTP/2 needs.</summary>
internal sealed class TlsSession : IDuplexPipe, ITlsConnectionFeature, ITlsHandshakeFeature, ITlsApplicationProtocolFeature
{
    /// <summary>The largest record, so that each is read in one piece.</summary>
    private const int BufferSize = 16 * 1024;

    /// <summary>The time limit for sending close_notify to a client that reads nothing.</summary>
    private static readonly TimeSpan CloseNotifyTimeout = TimeSpan.FromSeconds(1);

    private readonly SslStream _stream;

    /// <param name="stream">After its handshake.</param>
    /// <param name="client">The client's certificate; null: none.</param>
    public TlsSession(SslStream stream, ClientCertificate? client)
    {
        (_stream, Client) = (stream, client);
        ClientCertificate = client is null ? null : stream.RemoteCertificate as X509Certificate2;

        // Holds no buffer while idle: reads first wait for the connection to be readable.
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>The client's verified certificate; null: none.</summary>
    public ClientCertificate? Client { get; }

    public bool IsHttp2 => _stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    public ReadOnlyMemory<byte> ApplicationProtocol => _stream.NegotiatedApplicationProtocol.Protocol;

    public SslProtocols Protocol => _stream.SslProtocol;

    public TlsCipherSuite? NegotiatedCipherSuite => _stream.NegotiatedCipherSuite;

    public X509Certificate2? ClientCertificate { get; set; }

    Task<X509Certificate2?> ITlsConnectionFeature.GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

    // Obsolete equivalents of NegotiatedCipherSuite, which the interface requires.
#pragma warning disable SYSLIB0058
    CipherAlgorithmType ITlsHandshakeFeature.CipherAlgorithm => _stream.CipherAlgorithm;

    int ITlsHandshakeFeature.CipherStrength => _stream.CipherStrength;

    HashAlgorithmType ITlsHandshakeFeature.HashAlgorithm => _stream.HashAlgorithm;

    int ITlsHandshakeFeature.HashStrength => _stream.HashStrength;

    ExchangeAlgorithmType ITlsHandshakeFeature.KeyExchangeAlgorithm => _stream.KeyExchangeAlgorithm;

    int ITlsHandshakeFeature.KeyExchangeStrength => _stream.KeyExchangeStrength;
#pragma warning restore SYSLIB0058

    /// <summary>Sends close_notify within a second; returns whether it could.</summary>
    public async Task<bool> SendCloseNotifyAsync(TimeProvider clock)
    {
        var sending = ShutDownAsync();
        await sending.WaitAsync(CloseNotifyTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return sending.IsCompleted;
    }

    /// <summary>Sends close_notify, unless it was sent or the connection is broken.</summary>
    public async Task ShutDownAsync()
    {
        try
        {
            await _stream.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The peer is gone.
        }
    }
}
