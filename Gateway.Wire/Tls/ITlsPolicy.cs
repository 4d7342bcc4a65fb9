namespace Gateway.Wire.Tls;

/// <summary>Decides for one handshake. Called on the loop, from within OpenSSL: whatever it throws ends the handshake.</summary>
public interface ITlsPolicy
{
    /// <summary>Whether HTTP/2 is taken where the client offers it.</summary>
    bool OffersHttp2 { get; }

    /// <summary>Whether the client is asked for a certificate. Known once <see cref="Choose"/> has been called.</summary>
    CertificateDemand Demand { get; }

    /// <summary>Chooses what the client is served with.</summary>
    /// <param name="serverName">Null: it names no server.</param>
    /// <returns>Null: the client is refused, with unrecognized_name.</returns>
    TlsContext? Choose(string? serverName);

    /// <summary>Whether the certificate that the client shows is taken.</summary>
    /// <param name="shown">In DER: the client's own first, then what it has sent with it.</param>
    bool Check(IReadOnlyList<byte[]> shown);
}
