namespace Gateway.Upstream.Http1;

/// <summary>What the Connection fields of one head say together.</summary>
[Flags]
internal enum ConnectionOptions : byte
{
    None = 0,
    Close = 1,
    KeepAlive = 2,
    Upgrade = 4,

    /// <summary>Any other option: the name of a field that is for this connection only.</summary>
    Fields = 8,
}
