namespace Gateway.Node.Settings;

/// <summary>What makes the TLS sessions of clients.</summary>
public enum TlsEngine
{
    /// <summary>OpenSSL on the event loops where it can be had; .NET's SslStream elsewhere.</summary>
    Auto,

    /// <summary>.NET's SslStream, over Kestrel's transport; whatever carries HTTP/1.1.</summary>
    SslStream,

    /// <summary>OpenSSL on the event loops, for <see cref="HttpEngine.Loops"/> alone.</summary>
    OpenSsl,
}
