using System.Net.Security;

namespace Gateway.Upstream;

/// <summary>A TLS session that knows how it ended.</summary>
public sealed class SecureStream : SslStream
{
    private readonly HandshakeStream _beneath;

    internal SecureStream(HandshakeStream beneath)
        : base(beneath, leaveInnerStreamOpen: false) => _beneath = beneath;

    /// <summary>
    /// Whether the connection beneath has ended before the session: the other side's close_notify did not come, and anybody between the two
    /// may have cut off what was still to come (RFC 8446 6.1).
    /// </summary>
    public bool IsCutShort => _beneath.HasEnded;

    /// <summary>Closes the connection beneath with a reset, and without close_notify.</summary>
    public void Reset()
    {
        _beneath.Reset();
        Dispose();
    }
}
