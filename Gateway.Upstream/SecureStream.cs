using System.Net.Security;

namespace Gateway.Upstream;

/// <summary>A TLS session that knows how it ended.</summary>
internal sealed class SecureStream(HandshakeStream beneath) : SslStream(beneath, leaveInnerStreamOpen: false)
{
    /// <summary>
    /// Whether the connection beneath has ended before the session: the other side's close_notify did not come, and anybody between the two
    /// may have cut off what was still to come (RFC 8446 6.1).
    /// </summary>
    public bool IsCutShort => beneath.HasEnded;
}
