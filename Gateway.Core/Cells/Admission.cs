namespace Gateway.Core.Cells;

/// <summary>An endpoint's response to a lease request.</summary>
public enum Admission
{
    Granted,

    /// <summary>The attempts in flight are at the pool's connection limit, or at the limit of one for a doubted endpoint.</summary>
    Full,

    /// <summary>The breaker admits no attempts, or all trial permits are taken.</summary>
    Refused,
}
