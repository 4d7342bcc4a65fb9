namespace Gateway.Node.Engine.Http2;

/// <summary>How a stream has ended, as far as it is remembered.</summary>
internal enum StreamEnd
{
    /// <summary>It is not known any more, or never was open.</summary>
    Unknown,

    /// <summary>The client has ended its side, or has reset it.</summary>
    ByClient,

    /// <summary>This side has ended it before the client had ended its request.</summary>
    ByUs,
}
