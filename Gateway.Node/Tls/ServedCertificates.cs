using System.Collections.Immutable;

namespace Gateway.Node.Tls;

/// <summary>The certificates that handshakes begin with at one moment. Immutable.</summary>
internal sealed class ServedCertificates
{
    private readonly NameTable<ServedCertificate> _names;
    private readonly ServedCertificate? _default;

    /// <param name="certificates">In the order of the settings.</param>
    /// <param name="byDefault">What serves clients that name no server or an unknown one; null: they are refused.</param>
    public ServedCertificates(ImmutableArray<ServedCertificate> certificates, ServedCertificate? byDefault)
    {
        _names = new(certificates.SelectMany(certificate => certificate.Names.Select(name => (name, certificate))));
        _default = byDefault;
        All = certificates;
    }

    public ImmutableArray<ServedCertificate> All { get; }

    public static ServedCertificates None { get; } = new([], null);

    /// <summary>What serves a client that names this server.</summary>
    /// <param name="serverName">Empty or null: it names none.</param>
    /// <returns>Null: the client is refused.</returns>
    public ServedCertificate? For(string? serverName) =>
        string.IsNullOrEmpty(serverName) ? _default : _names.Find(serverName) ?? _default;
}
