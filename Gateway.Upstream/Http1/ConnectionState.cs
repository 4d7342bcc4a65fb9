namespace Gateway.Upstream.Http1;

/// <summary>Where a connection is. It moves by compare-and-swap, since its owner, its reader and the clean-up meet here.</summary>
internal enum ConnectionState
{
    /// <summary>An attempt owns it.</summary>
    Busy,

    /// <summary>In the pool, with a receive pending: whatever that brings ends it.</summary>
    Idle,

    Closed,
}

/// <summary>Why a connection was closed under an attempt's hands.</summary>
internal enum CloseCause
{
    None,

    /// <summary>Its deadline passed.</summary>
    Deadline,

    /// <summary>The client left.</summary>
    ClientGone,
}
