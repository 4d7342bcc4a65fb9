using System.Collections.Immutable;
using System.Net;

namespace Gateway.Node.Settings;

/// <summary>TLS for clients: where it listens and with which certificates.</summary>
public sealed record TlsSettings
{
    /// <summary>Where clients connect over TLS; port 0 means any free one.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>At least one. The first that has a client's name serves it, exact names before wildcards.</summary>
    public required ImmutableArray<CertificateFiles> Certificates { get; init; }

    /// <summary>What makes the sessions. Default: OpenSSL on the event loops where it can be had.</summary>
    public TlsEngine Engine { get; init; }

    /// <summary>The certificates that clients show. Default null: they are not asked for any.</summary>
    public ClientCertificateSettings? Clients { get; init; }

    /// <summary>The port of https that requests over plain HTTP are redirected to; 0: that of <see cref="Address"/>. Default null: they are served.</summary>
    public int? RedirectPort { get; init; }

    /// <summary>The same as a port that clients can connect to.</summary>
    public int? RedirectsTo => RedirectPort is 0 ? Address.Port : RedirectPort;

    /// <summary>What answers over TLS tell browsers. Default null: nothing.</summary>
    public HstsSettings? Hsts { get; init; }

    /// <summary>What a running process goes by after a reload: whether, where and by what it listens stays until the next start.</summary>
    /// <param name="atStart">What it has begun with; null: no TLS.</param>
    /// <param name="before">What it goes by until now.</param>
    /// <param name="wanted">What the settings say now; null: no TLS, which leaves all as it is.</param>
    public static TlsSettings? InForce(TlsSettings? atStart, TlsSettings? before, TlsSettings? wanted) =>
        atStart is null ? null : (wanted ?? before ?? atStart) with { Address = atStart.Address, Engine = atStart.Engine };
}
