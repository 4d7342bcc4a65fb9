namespace Gateway.Upstream.Http2;

/// <summary>Why an attempt was stopped from this side.</summary>
internal enum StopCause
{
    None,

    /// <summary>Its deadline passed.</summary>
    Deadline,

    /// <summary>Its deadline passed while the client was waited for, to send more of its body.</summary>
    ClientSlow,

    /// <summary>The client left.</summary>
    ClientGone,

    /// <summary>The client's body is at fault.</summary>
    ClientFault,
}
