namespace Gateway.Node.Recording;

/// <summary>Why a handshake did not become a session; one of a fixed set, as all labels of metrics are.</summary>
internal enum HandshakeEnd
{
    /// <summary>The client broke off.</summary>
    Closed,

    /// <summary>It took too long.</summary>
    Timeout,

    /// <summary>The client names a server that no certificate is for, and there is no default.</summary>
    UnknownName,

    /// <summary>The client shows no certificate, and has to.</summary>
    NoCertificate,

    /// <summary>The client shows a certificate that cannot be verified.</summary>
    BadCertificate,

    /// <summary>What the client sent is not TLS, or there is no version or cipher in common.</summary>
    Protocol,
}
