namespace Gateway.Core.Cells;

/// <summary>Conditions that a lease request waives.</summary>
[Flags]
public enum LeaseOptions : byte
{
    None = 0,

    /// <summary>Lease even if the breaker refuses; such a lease belongs to no epoch and cannot move the breaker.</summary>
    Panic = 1,

    /// <summary>Lease from a full endpoint and wait there, as long as its queue has room: set when no endpoint has room.</summary>
    Queue = 2,

    /// <summary>Lease beyond the one attempt of a doubted endpoint: set when no other endpoint has room.</summary>
    Insist = 4,
}

/// <summary>An endpoint's response to a lease request.</summary>
public enum Admission
{
    Granted,

    /// <summary>The attempts in flight are at the pool's connection limit, or at the limit of one for a doubted endpoint.</summary>
    Full,

    /// <summary>The breaker admits no attempts, or all trial permits are taken.</summary>
    Refused,
}
