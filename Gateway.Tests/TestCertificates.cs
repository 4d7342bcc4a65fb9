using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests;

/// <summary>Two authorities and certificates that they have signed, created for every test run.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);

    /// <summary>PEM texts by name: a replica's, another's, one of a foreign authority, and the authorities.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Make();

    private static Dictionary<string, string> Make()
    {
        using var ours = Authority("CN=Replicas");
        using var foreign = Authority("CN=Strangers");
        var (a, b, stranger) = (Signed("CN=a", ours), Signed("CN=b", ours), Signed("CN=a", foreign));
        return new(StringComparer.Ordinal)
        {
            ["a.crt"] = a.Certificate,
            ["a.key"] = a.Key,
            // The same certificate and authority under other names, for settings that differ but are equally valid.
            ["other.crt"] = a.Certificate,
            ["other.key"] = a.Key,
            ["other-ca.crt"] = ours.ExportCertificatePem(),
            ["b.crt"] = b.Certificate,
            ["b.key"] = b.Key,
            ["locked.key"] = Locked(a.Key),
            ["other-locked.key"] = Locked(a.Key),
            ["password"] = "secret\n",
            ["other-password"] = "secret\n",
            ["ca.crt"] = ours.ExportCertificatePem(),
            ["stranger.crt"] = stranger.Certificate,
            ["stranger.key"] = stranger.Key,
            ["strangers-ca.crt"] = foreign.ExportCertificatePem(),
            ["empty.crt"] = "",
        };
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(From, From.AddDays(10));
    }

    private static string Locked(string key)
    {
        using var plain = ECDsa.Create();
        plain.ImportFromPem(key);
        return plain.ExportEncryptedPkcs8PrivateKeyPem("secret", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    private static (string Certificate, string Key) Signed(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"{name[3..]}.example");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, From, From.AddDays(9), RandomNumberGenerator.GetBytes(8));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
