using System.Net.Security;

namespace Gateway.Upstream;

/// <summary>A TLS session that records how it ended.</summary>
public sealed class SecureStream : SslStream
{
    private readonly HandshakeStream _beneath;

    internal SecureStream(HandshakeStream beneath)
        : base(beneath, leaveInnerStreamOpen: false) => _beneath = beneath;

    /// <summary>
    /// Whether the underlying connection ended before the session: the peer's close_notify did not arrive, and a third party may have cut
    /// off the rest (RFC 8446 6.1).
    /// </summary>
    public bool IsCutShort => _beneath.HasEnded;

    /// <summary>Closes the underlying connection with a reset, without close_notify.</summary>
    public void Reset()
    {
        _beneath.Reset();
        Dispose();
    }
}
