using System.Collections.Immutable;

namespace Gateway.Node.Certificates;

/// <summary>The certificates that handshakes begin with at one moment. Immutable.</summary>
internal sealed class ServedCertificates
{
    private readonly NameTable<ServedCertificate> _names;

    /// <summary>What serves clients that name no server or an unknown one; null: they are refused.</summary>
    private readonly ServedCertificate? _default;

    /// <param name="slots">In the order of the settings.</param>
    /// <param name="clients">Which certificates of clients are taken; null: they are not asked for any.</param>
    public ServedCertificates(ImmutableArray<CertificateSlot> slots, ClientTrust? clients)
    {
        _names = new(slots.SelectMany(slot => slot.Certificate.Names.Select(name => (name, slot.Certificate))));
        _default = slots.FirstOrDefault(slot => slot.Files.IsDefault)?.Certificate;
        (Slots, Clients) = (slots, clients);
    }

    public ImmutableArray<CertificateSlot> Slots { get; }

    /// <summary>Which certificates of clients are taken; null: they are not asked for any.</summary>
    public ClientTrust? Clients { get; }

    public static ServedCertificates None { get; } = new([], null);

    /// <summary>What serves a client that names this server.</summary>
    /// <param name="serverName">Empty or null: it names none.</param>
    /// <returns>Null: the client is refused.</returns>
    public ServedCertificate? For(string? serverName) =>
        string.IsNullOrEmpty(serverName) ? _default : _names.Find(serverName) ?? _default;

    /// <summary>The same with another slot in the place of one of them; null: that one is not among them.</summary>
    public ServedCertificates? With(CertificateSlot slot, CertificateSlot next) =>
        Slots.IndexOf(slot) is >= 0 and var index ? new(Slots.SetItem(index, next), Clients) : null;

    /// <summary>The same with other authorities of clients.</summary>
    public ServedCertificates With(ClientTrust clients) => new(Slots, clients);
}
