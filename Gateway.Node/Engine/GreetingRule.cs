namespace Gateway.Node.Engine;

/// <summary>Whether a connection begins with a PROXY protocol header.</summary>
internal enum GreetingRule
{
    /// <summary>No header.</summary>
    None,

    /// <summary>A header is optional.</summary>
    Possible,

    /// <summary>A header is required.</summary>
    Required,

    /// <summary>A header is required, but its peer may not send one: the connection is closed.</summary>
    Refused,
}
