namespace Gateway.Node.Settings;

/// <summary>Whether connections of trusted proxies begin with a PROXY protocol header.</summary>
public enum ProxyProtocolMode
{
    /// <summary>No header.</summary>
    Off,

    /// <summary>A header is optional.</summary>
    Accept,

    /// <summary>A header is required, and other connections are refused.</summary>
    Require,
}
