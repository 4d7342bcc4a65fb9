namespace Gateway.Core.Connecting;

/// <summary>Whether connections to backends begin with a header of the PROXY protocol, which names the client.</summary>
public enum BackendProxyProtocol
{
    Off,

    /// <summary>One line of text.</summary>
    V1,

    /// <summary>In binary.</summary>
    V2,
}
