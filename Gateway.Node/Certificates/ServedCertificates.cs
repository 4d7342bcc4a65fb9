using System.Collections.Immutable;

namespace Gateway.Node.Certificates;

/// <summary>The certificates for handshakes that begin at one moment. Immutable.</summary>
internal sealed class ServedCertificates
{
    private readonly NameTable<ServedCertificate> _names;

    /// <summary>The certificate for clients that send no server name, or an unknown one; null: they are refused.</summary>
    private readonly ServedCertificate? _default;

    /// <param name="slots">In the order of the settings.</param>
    /// <param name="clients">The rules for clients' certificates; null: none are requested.</param>
    public ServedCertificates(ImmutableArray<CertificateSlot> slots, ClientTrust? clients)
    {
        _names = new(slots.SelectMany(slot => slot.Certificate.Names.Select(name => (name, slot.Certificate))));
        _default = slots.FirstOrDefault(slot => slot.Files.IsDefault)?.Certificate;
        (Slots, Clients) = (slots, clients);
    }

    public ImmutableArray<CertificateSlot> Slots { get; }

    /// <summary>The rules for clients' certificates; null: none are requested.</summary>
    public ClientTrust? Clients { get; }

    public static ServedCertificates None { get; } = new([], null);

    /// <summary>The certificate for a server name.</summary>
    /// <param name="serverName">Empty or null: the client sent none.</param>
    /// <returns>Null: the client is refused.</returns>
    public ServedCertificate? For(string? serverName) =>
        string.IsNullOrEmpty(serverName) ? _default : _names.Find(serverName) ?? _default;

    /// <summary>Replaces a slot; null if it is not among them.</summary>
    public ServedCertificates? With(CertificateSlot slot, CertificateSlot next) =>
        Slots.IndexOf(slot) is >= 0 and var index ? new(Slots.SetItem(index, next), Clients) : null;

    /// <summary>Replaces the authorities of clients.</summary>
    public ServedCertificates With(ClientTrust clients) => new(Slots, clients);
}
