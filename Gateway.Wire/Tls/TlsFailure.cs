namespace Gateway.Wire.Tls;

/// <summary>Why a session was not established, as reported by OpenSSL.</summary>
public enum TlsFailure
{
    /// <summary>It was established, or still may be.</summary>
    None,

    /// <summary>The peer left.</summary>
    Closed,

    /// <summary>The peer has no certificate, and one is required.</summary>
    NoCertificate,

    /// <summary>The peer did not speak TLS, was refused, or has no version or cipher in common.</summary>
    Protocol,
}
