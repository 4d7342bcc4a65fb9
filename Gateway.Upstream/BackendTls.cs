using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Upstream;

/// <summary>How TLS backends are checked: against the system's roots, by name, never fetching anything while a connection waits.</summary>
public static class BackendTls
{
    public static SslClientAuthenticationOptions Options() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
