namespace Gateway.Core.Cells;

/// <summary>What an endpoint says to one attempt.</summary>
public enum Admission
{
    Granted,

    /// <summary>As many attempts in flight as the pool's connection limit allows, or as an endpoint is given that others speak against: one.</summary>
    Full,

    /// <summary>The breaker lets nothing through, or all trials are out.</summary>
    Refused,
}
