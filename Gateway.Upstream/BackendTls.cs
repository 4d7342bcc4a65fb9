using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Addressing;
using Gateway.Core.Connecting;

namespace Gateway.Upstream;

/// <summary>
/// The TLS settings for backends: certificates are checked by name, against the system's roots or a pool's own, without any network access during a
/// handshake. Keeps the contents of the configured files since they were last read, so that no connection waits for a disk either.
/// </summary>
public sealed class BackendTls
{
    private ImmutableDictionary<TlsPolicy, Material> _materials = ImmutableDictionary<TlsPolicy, Material>.Empty;

    /// <summary>Reads the policies' files, for new connections. Throws <see cref="IOException"/>, which names the file.</summary>
    public void Read(IEnumerable<TlsPolicy> policies) =>
        Volatile.Write(ref _materials, policies.Distinct().ToImmutableDictionary(policy => policy, Material.Of));

    /// <summary>Returns a function that creates the TLS options of a connection; null for an address without TLS.</summary>
    public Func<SslClientAuthenticationOptions>? For(EndpointAddress address, TlsPolicy policy, BackendProtocol protocol) =>
        address.IsTls ? () => OptionsOf(policy, address.Host, protocol) : null;

    private SslClientAuthenticationOptions OptionsOf(TlsPolicy policy, string host, BackendProtocol protocol)
    {
        var (authorities, certificate) = Volatile.Read(ref _materials).TryGetValue(policy, out var known) ? known : Material.Of(policy);
        var chain = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (authorities is not null)
        {
            chain.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.CustomTrustStore.AddRange(authorities);
        }

        return new()
        {
            TargetHost = policy.ServerName ?? host,
            ApplicationProtocols = [protocol == BackendProtocol.Http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            CertificateChainPolicy = chain,
            ClientCertificateContext = certificate,
        };
    }

    private sealed record Material(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Certificate)
    {
        public static Material Of(TlsPolicy policy) => new(
            policy.Authorities is { } authorities ? From(authorities, AuthoritiesOf) : null,
            policy.Certificate is { } certificate ? From(certificate, CertificateOf) : null);

        private static X509Certificate2Collection AuthoritiesOf(string path)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it contains no certificate");
        }

        private static SslStreamCertificateContext CertificateOf(string path)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(path), chain, offline: true);
        }

        private static T From<T>(string path, Func<string, T> read)
        {
            try
            {
                return read(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new IOException($"{path} cannot be used for TLS: {error.Message}", error);
            }
        }
    }
}
