using Gateway.Wire.Tls;

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

/// <summary>Which implementation of TLS serves clients.</summary>
public static class TlsEngines
{
    /// <summary>Chooses the implementation for <see cref="TlsEngine.Auto"/>: OpenSSL where there are event loops for clients and it can be loaded.</summary>
    /// <param name="settings">TLS of the settings; null: none.</param>
    /// <param name="engine">The engine of HTTP/1.1 in the same settings.</param>
    public static TlsSettings? Resolve(this TlsSettings? settings, HttpEngine engine) => settings is not { Engine: TlsEngine.Auto } ? settings
        : settings with { Engine = engine.OnThisSystem() == HttpEngine.Loops && TlsContext.Fault is null ? TlsEngine.OpenSsl : TlsEngine.SslStream };
}
