using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Node.Engine;

/// <summary>A client's verified certificate, and its description for backends (RFC 9440). Immutable; one per TLS session.</summary>
internal sealed class ClientCertificate
{
    private readonly byte[] _lines;

    /// <param name="chain">The certificates between it and its authority, in that order; empty: not forwarded.</param>
    public ClientCertificate(X509Certificate2 certificate, ImmutableArray<X509Certificate2> chain)
    {
        Subject = certificate.Subject;
        Fingerprint = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
        var lines = $"Client-Cert: {BytesOf(certificate)}\r\n";
        _lines = Encoding.ASCII.GetBytes(chain.IsEmpty ? lines : $"{lines}Client-Cert-Chain: {string.Join(", ", chain.Select(BytesOf))}\r\n");
    }

    /// <summary>The subject's distinguished name.</summary>
    public string Subject { get; }

    /// <summary>SHA-256 of the certificate, as hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>The fields that describe it to backends, each ended by CRLF.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>The certificate as a byte sequence of structured fields (RFC 9651 4.1.8).</summary>
    private static string BytesOf(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawDataMemory.Span)}:";
}
