using System.Net.Security;

namespace Gateway.Upstream;

/// <summary>A TLS session that records how it ended.</summary>
public sealed class SecureStream : SslStream
{
    private readonly HandshakeStream _inner;

    internal SecureStream(HandshakeStream inner)
        : base(inner, leaveInnerStreamOpen: false) => _inner = inner;

    /// <summary>
    /// Whether the underlying connection ended before the session: the peer's close_notify did not arrive, and a third party may have cut
    /// off the rest (RFC 8446 6.1).
    /// </summary>
    public bool IsCutShort => _inner.HasEnded;

    /// <summary>Closes the underlying connection with a reset, without close_notify.</summary>
    public void Reset()
    {
        _inner.Reset();
        Dispose();
    }
}
