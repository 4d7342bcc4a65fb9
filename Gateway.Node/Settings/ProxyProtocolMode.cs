namespace Gateway.Node.Settings;

/// <summary>Whether connections of trusted proxies begin with a header of the PROXY protocol.</summary>
public enum ProxyProtocolMode
{
    /// <summary>None do.</summary>
    Off,

    /// <summary>They may.</summary>
    Accept,

    /// <summary>All do, and there are no connections of others.</summary>
    Require,
}
