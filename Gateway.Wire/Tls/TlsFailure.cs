namespace Gateway.Wire.Tls;

/// <summary>Why a session did not come about, as far as OpenSSL tells.</summary>
public enum TlsFailure
{
    /// <summary>It has come about, or is still about to.</summary>
    None,

    /// <summary>The peer left.</summary>
    Closed,

    /// <summary>The peer shows no certificate, and has to.</summary>
    NoCertificate,

    /// <summary>What the peer sent is not TLS, is refused, or there is nothing in common.</summary>
    Protocol,
}
