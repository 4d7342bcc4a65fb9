using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Settings;
using Gateway.Wire.Tls;

namespace Gateway.Node.Certificates;

/// <summary>A certificate served to clients: its chain and key, ready for handshakes, and its names.</summary>
internal sealed class ServedCertificate
{
    private const string EncryptedKey = "ENCRYPTED PRIVATE KEY";

    /// <summary>Marks keys in OpenSSL's encryption from before PKCS #8.</summary>
    private const string OldEncryption = "Proc-Type: 4,ENCRYPTED";

    private ServedCertificate(X509Certificate2 certificate, X509Certificate2Collection chain, TlsEngine engine)
    {
        Certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        OnLoops = engine == TlsEngine.OpenSsl && TlsContext.Fault is null ? ContextOf(certificate, Context) : null;
        Names = [.. NamesOf(certificate)];
        NotBefore = certificate.NotBefore.ToUniversalTime();
        NotAfter = certificate.NotAfter.ToUniversalTime();
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The context of handshakes off the loops. Sessions can be resumed as long as it is the same instance.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The context of handshakes on the loops; null: none. Freed when it is no longer served and its last session has ended.</summary>
    public TlsContext? OnLoops { get; }

    /// <summary>Its DNS names, including wildcards; may be empty.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>UTC.</summary>
    public DateTime NotBefore { get; }

    /// <summary>UTC.</summary>
    public DateTime NotAfter { get; }

    /// <summary>Parses its texts. Does not check the validity period: see <see cref="FaultAt"/>.</summary>
    /// <param name="engine">The engine that will serve it.</param>
    public static CertificateResult Parse(CertificateTexts texts, TlsEngine engine)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(texts.Certificate);
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException)
        {
            return new CertificateResult.Faulty(CertificatePart.Certificate, $"contains an unreadable certificate ({error.Message})");
        }

        if (chain.Count == 0)
        {
            return new CertificateResult.Faulty(CertificatePart.Certificate, "contains no PEM certificate");
        }

        var isEncrypted = texts.Key.Contains(EncryptedKey, StringComparison.Ordinal);
        if (texts.Key.Contains(OldEncryption, StringComparison.Ordinal))
        {
            return new CertificateResult.Faulty(CertificatePart.Key, "is encrypted in a legacy OpenSSL format; convert it with `openssl pkcs8 -topk8`");
        }

        if (isEncrypted && texts.Password is null)
        {
            return new CertificateResult.Faulty(CertificatePart.Key, "is encrypted and requires a password file");
        }

        if (!isEncrypted && texts.Password is not null)
        {
            return new CertificateResult.Faulty(CertificatePart.Password, "is not needed, since the key is not encrypted");
        }

        try
        {
            var leaf = isEncrypted
                ? X509Certificate2.CreateFromEncryptedPem(texts.Certificate, texts.Key, texts.Password)
                : X509Certificate2.CreateFromPem(texts.Certificate, texts.Key);
            return new CertificateResult.Loaded(new(leaf, chain, engine));
        }
        catch (TlsException error)
        {
            return new CertificateResult.Faulty(CertificatePart.Certificate, $"contains a certificate that OpenSSL rejects ({error.Message}); try tls.engine sslstream");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            var what = isEncrypted ? "contains no PEM private key that matches the certificate, or the password is wrong" : "contains no PEM private key that matches the certificate";
            return new CertificateResult.Faulty(CertificatePart.Key, $"{what} ({error.Message})");
        }
    }

    /// <summary>Why clients would reject it at a time, as the rest of a sentence; null: they would not.</summary>
    public string? FaultAt(DateTimeOffset time) => time.UtcDateTime > NotAfter ? $"expired on {NotAfter:yyyy-MM-dd HH:mm:ss} UTC"
        : time.UtcDateTime < NotBefore ? $"is not valid before {NotBefore:yyyy-MM-dd HH:mm:ss} UTC"
        : null;

    private static TlsContext ContextOf(X509Certificate2 certificate, SslStreamCertificateContext context)
    {
        using AsymmetricAlgorithm? key = certificate.GetECDsaPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetDSAPrivateKey();
        var bytes = key?.ExportPkcs8PrivateKey() ?? throw new NotSupportedException("the kind of key is not supported");
        try
        {
            return TlsContext.Create(certificate.RawDataMemory.Span, context.IntermediateCertificates.Select(next => next.RawData), bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames());
}
