using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Engine;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Node.Tls;

/// <summary>A TLS session with a client, read and written as pipes, and what Kestrel's HTTP/2 asks of it.</summary>
internal sealed class TlsSession : IDuplexPipe, ITlsConnectionFeature, ITlsHandshakeFeature, ITlsApplicationProtocolFeature
{
    /// <summary>The longest record, so that each is taken in one piece.</summary>
    private const int BufferSize = 16 * 1024;

    /// <summary>How long a client that reads nothing may keep close_notify from being sent.</summary>
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(1);

    private readonly SslStream _stream;

    /// <param name="stream">After its handshake.</param>
    /// <param name="client">The certificate that the client has shown; null: none.</param>
    public TlsSession(SslStream stream, ClientCertificate? client)
    {
        (_stream, Client) = (stream, client);
        ClientCertificate = client is null ? null : stream.RemoteCertificate as X509Certificate2;

        // While nothing comes no buffer is held: reads first wait for the connection to be readable.
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>The certificate that the client has shown, verified; null: none.</summary>
    public ClientCertificate? Client { get; }

    public bool IsHttp2 => _stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    public ReadOnlyMemory<byte> ApplicationProtocol => _stream.NegotiatedApplicationProtocol.Protocol;

    public SslProtocols Protocol => _stream.SslProtocol;

    public TlsCipherSuite? NegotiatedCipherSuite => _stream.NegotiatedCipherSuite;

    public X509Certificate2? ClientCertificate { get; set; }

    Task<X509Certificate2?> ITlsConnectionFeature.GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);

    // What NegotiatedCipherSuite says in other words, and is not asked for any more.
#pragma warning disable SYSLIB0058
    CipherAlgorithmType ITlsHandshakeFeature.CipherAlgorithm => _stream.CipherAlgorithm;

    int ITlsHandshakeFeature.CipherStrength => _stream.CipherStrength;

    HashAlgorithmType ITlsHandshakeFeature.HashAlgorithm => _stream.HashAlgorithm;

    int ITlsHandshakeFeature.HashStrength => _stream.HashStrength;

    ExchangeAlgorithmType ITlsHandshakeFeature.KeyExchangeAlgorithm => _stream.KeyExchangeAlgorithm;

    int ITlsHandshakeFeature.KeyExchangeStrength => _stream.KeyExchangeStrength;
#pragma warning restore SYSLIB0058

    /// <summary>Sends close_notify within a second; answers whether it could.</summary>
    public async Task<bool> SayGoodbyeAsync(TimeProvider clock)
    {
        var goodbye = ShutDownAsync();
        await goodbye.WaitAsync(LongestGoodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return goodbye.IsCompleted;
    }

    /// <summary>Sends close_notify, unless it has been sent or the connection is broken.</summary>
    public async Task ShutDownAsync()
    {
        try
        {
            await _stream.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // There is nobody to be told.
        }
    }
}
