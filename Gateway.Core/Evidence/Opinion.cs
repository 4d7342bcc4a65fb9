namespace Gateway.Core.Evidence;

/// <summary>The conclusion of an observer's evidence.</summary>
public enum Opinion
{
    /// <summary>It does not probe the endpoint, and its breaker is closed.</summary>
    None,

    /// <summary>Its probes pass and its breaker is closed.</summary>
    Good,

    /// <summary>Its probes fail, or its breaker is not closed.</summary>
    Bad,
}
