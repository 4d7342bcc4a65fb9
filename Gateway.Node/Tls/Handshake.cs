using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Certificates;
using Gateway.Node.Engine;
using Gateway.Node.Recording;
using Gateway.Node.Settings;

namespace Gateway.Node.Tls;

/// <summary>One client's handshake: the certificate served to it, and its own.</summary>
internal sealed class Handshake(CertificateStore certificates, bool offersHttp2)
{
    private static readonly List<SslApplicationProtocol> Both = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private static readonly List<SslApplicationProtocol> Http11 = [SslApplicationProtocol.Http11];

    /// <summary>Why the client is refused because of its server name; null: it is not.</summary>
    public HandshakeEnd? Refusal { get; private set; }

    /// <summary>The client's certificate; null: none.</summary>
    public ClientCertificate? Client { get; private set; }

    /// <summary>The rules for the client's certificate; null: none is requested.</summary>
    public ClientTrust? Trust { get; private set; }

    /// <summary>Chooses the certificate by the server name.</summary>
    /// <param name="serverName">Empty or null: the client sent none.</param>
    /// <returns>Null: the client is refused.</returns>
    public ServedCertificate? Choose(string? serverName)
    {
        var current = certificates.Current;
        Trust = current.Clients;
        var served = current.For(serverName);
        Refusal = served is null ? HandshakeEnd.UnknownName : null;
        return served;
    }

    /// <summary>The same for .NET's TLS.</summary>
    /// <exception cref="AuthenticationException">The client is refused.</exception>
    public ValueTask<SslServerAuthenticationOptions> Begin(SslClientHelloInfo hello)
    {
        if (Choose(hello.ServerName) is not { } served)
        {
            throw new AuthenticationException("no certificate for this server name");
        }

        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = served.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = offersHttp2 ? Both : Http11,
            AllowRenegotiation = false,
        };
        if (Trust is not null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = Trust.NewPolicy();
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Check(certificate, chain, errors);
            options.AllowTlsResume = false; // A resumed session would not be checked against the current authorities.
        }

        return ValueTask.FromResult(options);
    }

    /// <summary>Rejects the client's certificate.</summary>
    /// <returns>False.</returns>
    public bool RefuseCertificate()
    {
        Refusal = HandshakeEnd.BadCertificate;
        return false;
    }

    /// <summary>Whether the client's certificate is accepted, after building its chain.</summary>
    /// <param name="certificate">Null: none.</param>
    public bool Check(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
        {
            Refusal = Trust!.Settings.Mode == ClientCertificateMode.Require ? HandshakeEnd.NoCertificate : null;
            return Refusal is null;
        }

        if (errors != SslPolicyErrors.None)
        {
            return RefuseCertificate();
        }

        // The last of the chain is the authority, which backends must know themselves.
        ImmutableArray<X509Certificate2> between = Trust!.Settings.PassesChain ? [.. chain!.ChainElements.Skip(1).SkipLast(1).Select(element => element.Certificate)] : [];
        Client = new(shown, between);
        return true;
    }
}
