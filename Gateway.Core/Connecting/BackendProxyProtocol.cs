namespace Gateway.Core.Connecting;

/// <summary>The PROXY protocol header at the start of each backend connection, which names the client.</summary>
public enum BackendProxyProtocol
{
    Off,

    /// <summary>The text format.</summary>
    V1,

    /// <summary>The binary format.</summary>
    V2,
}
