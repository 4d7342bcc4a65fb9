using Gateway.Wire.Tls;

namespace Gateway.Node.Settings;

/// <summary>The implementation of clients' TLS sessions.</summary>
public enum TlsEngine
{
    /// <summary>OpenSSL on the event loops if available; otherwise .NET's SslStream.</summary>
    Auto,

    /// <summary>.NET's SslStream, over Kestrel's transport, with any engine.</summary>
    SslStream,

    /// <summary>OpenSSL on the event loops; only with <see cref="HttpEngine.Loops"/>.</summary>
    OpenSsl,
}

/// <summary>Chooses the TLS implementation for clients.</summary>
public static class TlsEngines
{
    /// <summary>Resolves <see cref="TlsEngine.Auto"/>: OpenSSL if there are event loops for clients and it can be loaded.</summary>
    /// <param name="settings">TLS for clients; null: none.</param>
    /// <param name="engine">The HTTP/1.1 engine of the same settings.</param>
    public static TlsSettings? Resolve(this TlsSettings? settings, HttpEngine engine) => settings is not { Engine: TlsEngine.Auto } ? settings
        : settings with { Engine = engine.OnThisSystem() == HttpEngine.Loops && TlsContext.Fault is null ? TlsEngine.OpenSsl : TlsEngine.SslStream };
}
