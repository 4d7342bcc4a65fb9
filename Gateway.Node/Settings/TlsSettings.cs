using System.Collections.Immutable;
using System.Net;

namespace Gateway.Node.Settings;

/// <summary>TLS for clients: its address and certificates.</summary>
public sealed record TlsSettings
{
    /// <summary>The address for TLS clients; port 0 means any free one.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>At least one. The first that matches the server name is used, exact names before wildcards.</summary>
    public required ImmutableArray<CertificateFiles> Certificates { get; init; }

    /// <summary>The implementation. Default: OpenSSL on the event loops if available.</summary>
    public TlsEngine Engine { get; init; }

    /// <summary>Certificates of clients. Default null: none are requested.</summary>
    public ClientCertificateSettings? Clients { get; init; }

    /// <summary>The HTTPS port to which plain HTTP requests are redirected; 0: that of <see cref="Address"/>. Default null: they are served.</summary>
    public int? RedirectPort { get; init; }

    /// <summary>The same as an actual port.</summary>
    public int? RedirectsTo => RedirectPort is 0 ? Address.Port : RedirectPort;

    /// <summary>HSTS in answers over TLS. Default null: none.</summary>
    public HstsSettings? Hsts { get; init; }

    /// <summary>The settings in force after a reload: whether TLS is on, its address and its implementation stay until the next start.</summary>
    /// <param name="atStart">The settings at startup; null: no TLS.</param>
    /// <param name="before">The settings in force before the reload.</param>
    /// <param name="wanted">The new settings; null: no TLS, which changes nothing.</param>
    public static TlsSettings? InForce(TlsSettings? atStart, TlsSettings? before, TlsSettings? wanted) =>
        atStart is null ? null : (wanted ?? before ?? atStart) with { Address = atStart.Address, Engine = atStart.Engine };
}
