namespace Gateway.Core.Evidence;

/// <summary>What an observer's evidence comes to.</summary>
public enum Opinion
{
    /// <summary>It does not probe the endpoint, and its breaker has nothing against it.</summary>
    None,

    /// <summary>Its probes pass and its breaker is closed.</summary>
    Good,

    /// <summary>Its probes fail, or its breaker is not closed.</summary>
    Bad,
}
