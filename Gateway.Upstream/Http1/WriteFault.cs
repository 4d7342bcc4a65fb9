namespace Gateway.Upstream.Http1;

/// <summary>Why a request was not written: some part of it would not arrive as what it is.</summary>
internal enum WriteFault
{
    None,

    /// <summary>Not a token.</summary>
    BadMethod,

    /// <summary>Empty, or with white space, control characters, or characters beyond one byte.</summary>
    BadTarget,

    /// <summary>Not a token.</summary>
    BadFieldName,

    /// <summary>CR, LF or NUL, or characters beyond one byte.</summary>
    BadFieldValue,
}
