using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A test's own authority, the certificates it has signed, and PEM files of both, deleted on disposal.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-tls-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    /// <param name="signedBy">Whose authority has signed this one; null: itself.</param>
    /// <param name="name">Of an authority between: a chain of several needs names that differ.</param>
    public Certificates(Certificates? signedBy = null, string name = "authority between")
    {
        var request = new CertificateRequest(signedBy is null ? "CN=test authority" : $"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = signedBy is null
            ? request.CreateSelfSigned(From, From.AddYears(10))
            : request.Create(signedBy._authority, From, From.AddYears(2), RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(_key);
        AuthorityFile = Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>PEM of the authority's certificate.</summary>
    public string AuthorityFile { get; }

    private static DateTimeOffset From { get; } = TimeProvider.System.GetUtcNow().AddDays(-2);

    public X509Certificate2 Authority => _authority;

    /// <summary>A certificate for a host name or an address, with its key.</summary>
    /// <param name="until">When it expires; null: in a year.</param>
    /// <param name="usage">Its only purpose, as an OID; null: not stated.</param>
    public X509Certificate2 For(string name, DateTimeOffset? until = null, string? usage = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(name, key, until, usage);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The same as a PEM file.</summary>
    public string FileFor(string name)
    {
        var (certificate, key) = PairFor(name);
        return Write($"{name}.pem", $"{certificate}\n{key}\n");
    }

    /// <summary>PEM of a certificate and of its key.</summary>
    /// <param name="until">When it expires; null: in a year.</param>
    public (string Certificate, string Key) PairFor(string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(name, key, until);
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A path in the folder of the files.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Sign(string name, ECDsa key, DateTimeOffset? until = null, string? usage = null)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        }

        return request.Create(_authority, From, until ?? From.AddDays(365), RandomNumberGenerator.GetBytes(8));
    }
}
