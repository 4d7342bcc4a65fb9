namespace Gateway.Core.Grants;

/// <summary>The end of a grant, as reported by its holder.</summary>
public enum GrantEnd
{
    /// <summary>
    /// No trial was sent, or none is needed any more. Also sent by a waiting replica.
    /// </summary>
    Returned,

    /// <summary>The trial failed, or never reported.</summary>
    Failed,

    /// <summary>The endpoint answered: its holder's breaker has closed.</summary>
    Succeeded,
}
