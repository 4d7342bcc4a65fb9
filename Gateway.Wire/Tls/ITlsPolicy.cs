namespace Gateway.Wire.Tls;

/// <summary>Decides for one handshake. Called on the loop, from within OpenSSL: any exception ends the handshake.</summary>
public interface ITlsPolicy
{
    /// <summary>Whether HTTP/2 is accepted if the client offers it.</summary>
    bool OffersHttp2 { get; }

    /// <summary>Whether a certificate is requested from the client. Known once <see cref="Choose"/> has been called.</summary>
    CertificateDemand Demand { get; }

    /// <summary>Chooses the certificate for the client.</summary>
    /// <param name="serverName">Null: the client sent none.</param>
    /// <returns>Null: the client is refused, with unrecognized_name.</returns>
    TlsContext? Choose(string? serverName);

    /// <summary>Whether the client's certificate is accepted.</summary>
    /// <param name="shown">In DER: the client's own first, then those sent with it.</param>
    bool Check(IReadOnlyList<byte[]> shown);
}
