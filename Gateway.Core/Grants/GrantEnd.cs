namespace Gateway.Core.Grants;

/// <summary>How a holder's grant ended, in its own words.</summary>
public enum GrantEnd
{
    /// <summary>No trial came of it, or is needed any more. Also said by one that only waits.</summary>
    Returned,

    /// <summary>The trial failed, or never reported.</summary>
    Failed,

    /// <summary>The endpoint answered: its holder's breaker has closed.</summary>
    Succeeded,
}
