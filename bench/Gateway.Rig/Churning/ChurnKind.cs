namespace Gateway.Rig.Churning;

/// <summary>How the backend is to handle a request.</summary>
internal enum ChurnKind
{
    /// <summary>A body with a stated length.</summary>
    Length,

    /// <summary>A body in chunks.</summary>
    Chunked,

    /// <summary>A body that ends with the connection.</summary>
    Close,

    /// <summary>A body with a stated length, then the end of the connection.</summary>
    Last,

    /// <summary>An interim answer first.</summary>
    Early,

    /// <summary>A pause between the two halves of the body.</summary>
    Slow,

    /// <summary>An answer without a body.</summary>
    Empty,

    /// <summary>Half of the stated body, then the end of the connection.</summary>
    Cut,

    /// <summary>Half of the stated body, then a reset.</summary>
    Reset,

    /// <summary>No answer: the connection ends.</summary>
    Refuse,

    /// <summary>An answer that is not HTTP.</summary>
    Garbage,
}
