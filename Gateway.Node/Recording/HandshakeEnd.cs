namespace Gateway.Node.Recording;

/// <summary>Why a handshake failed; a fixed set, like all labels of metrics.</summary>
internal enum HandshakeEnd
{
    /// <summary>The client closed the connection.</summary>
    Closed,

    /// <summary>It took too long.</summary>
    Timeout,

    /// <summary>No certificate matches the server name, and there is no default.</summary>
    UnknownName,

    /// <summary>The client has no certificate, and one is required.</summary>
    NoCertificate,

    /// <summary>The client's certificate cannot be verified.</summary>
    BadCertificate,

    /// <summary>The client did not speak TLS, or there is no common version or cipher.</summary>
    Protocol,
}
