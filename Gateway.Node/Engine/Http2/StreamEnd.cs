namespace Gateway.Node.Engine.Http2;

/// <summary>How a stream has ended, as far as remembered.</summary>
internal enum StreamEnd
{
    /// <summary>Forgotten, or never open.</summary>
    Unknown,

    /// <summary>The client ended its side, or reset the stream.</summary>
    ByClient,

    /// <summary>This side ended it before the client had ended its request.</summary>
    ByUs,
}
