namespace Gateway.Node.Engine;

/// <summary>Whether a connection begins with a header of the PROXY protocol.</summary>
internal enum GreetingRule
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It may.</summary>
    Possible,

    /// <summary>It does.</summary>
    Required,

    /// <summary>It would have to, and its peer may not send one: it is closed.</summary>
    Refused,
}
