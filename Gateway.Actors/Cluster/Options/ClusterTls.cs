using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;
using Gateway.Core.Addressing;

namespace Gateway.Actors.Cluster.Options;

/// <summary>
/// Mutual TLS between replicas: each presents a certificate, and accepts a peer's if the cluster's own authority has signed it. Names in
/// certificates are not compared with addresses: any holder of such a certificate is a replica. There are no online checks.
/// </summary>
public sealed class ClusterTls
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities;

    private ClusterTls(X509Certificate2 certificate, X509Certificate2Collection authorities) =>
        (_certificate, _authorities) = (certificate, authorities);

    /// <summary>Parses three PEM texts.</summary>
    /// <param name="certificate">This replica's certificate.</param>
    /// <param name="key">Its private key, unencrypted.</param>
    /// <param name="authority">The certificates of the authorities, and any intermediate ones.</param>
    public static ClusterTlsResult Parse(string certificate, string key, string authority)
    {
        X509Certificate2 own;
        try
        {
            own = X509Certificate2.CreateFromPem(certificate);
        }
        catch (CryptographicException e)
        {
            return new ClusterTlsResult.Faulty(ClusterTlsPart.Certificate, $"contains no PEM certificate ({e.Message})");
        }

        try
        {
            own = X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return new ClusterTlsResult.Faulty(ClusterTlsPart.Key, $"contains no PEM private key that matches the certificate ({e.Message})");
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(authority);
        }
        catch (CryptographicException e)
        {
            return new ClusterTlsResult.Faulty(ClusterTlsPart.Authority, $"contains an unreadable certificate ({e.Message})");
        }

        if (authorities.Count == 0)
        {
            return new ClusterTlsResult.Faulty(ClusterTlsPart.Authority, "contains no PEM certificate");
        }

        var tls = new ClusterTls(own, authorities);
        return tls.WhyNot(own) is { } fault
            ? new ClusterTlsResult.Faulty(ClusterTlsPart.Certificate, $"would be refused by the other replicas: {fault}")
            : new ClusterTlsResult.Loaded(tls);
    }

    /// <summary>Whether a peer with this certificate is a replica.</summary>
    public bool Accepts(X509Certificate2? certificate) => certificate is not null && WhyNot(certificate) is null;

    /// <summary>Tests the TLS handshake with an address over a temporary connection.</summary>
    public async Task<Greeting> GreetAsync(HostPort address)
    {
        using var limit = new CancellationTokenSource(HandshakeTimeout);
        try
        {
            using var client = new TcpClient();
            // Leaves the data path's event loop, which may complete sockets in place.
            await client.ConnectAsync(address.Host, address.Port, limit.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await using var stream = new SslStream(client.GetStream());
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = address.Host,
                ClientCertificates = [_certificate],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => Accepts(certificate as X509Certificate2),
            };
            await stream.AuthenticateAsClientAsync(options, limit.Token).ConfigureAwait(false);
            return await IsSilentAsync(stream, limit.Token).ConfigureAwait(false) ? Greeting.Welcome : Greeting.Distrusted;
        }
        catch (AuthenticationException)
        {
            return Greeting.Distrusted;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return Greeting.Absent;
        }
    }

    /// <summary>
    /// Returns whether the server stays silent: a TLS 1.3 server validates the client's certificate after the client has finished,
    /// then closes, or waits for the client to speak.
    /// </summary>
    private static async Task<bool> IsSilentAsync(SslStream stream, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        try
        {
            await stream.ReadExactlyAsync(new byte[1], silence.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal DotNettySslSetup ToSetup() => new(
        _certificate, suppressValidation: false, requireMutualAuthentication: true, (certificate, _, _, _, _) => Accepts(certificate));

    private string? WhyNot(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        return chain.Build(certificate) ? null : string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
    }
}

/// <summary>The result of a TLS handshake test.</summary>
public enum Greeting
{
    /// <summary>No answer.</summary>
    Absent,

    /// <summary>The handshake failed: the peer is not a replica, or does not accept this one.</summary>
    Distrusted,

    /// <summary>The peer is a replica.</summary>
    Welcome,
}

/// <summary>The three PEM texts.</summary>
public enum ClusterTlsPart
{
    Certificate,
    Key,
    Authority,
}

/// <summary>The result of parsing.</summary>
public abstract record ClusterTlsResult
{
    private ClusterTlsResult()
    {
    }

    public sealed record Loaded(ClusterTls Tls) : ClusterTlsResult;

    /// <param name="Part">The faulty text.</param>
    /// <param name="What">The fault.</param>
    public sealed record Faulty(ClusterTlsPart Part, string What) : ClusterTlsResult;
}
