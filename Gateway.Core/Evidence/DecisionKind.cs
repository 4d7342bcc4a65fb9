namespace Gateway.Core.Evidence;

/// <summary>The decisions a replica can make on an endpoint.</summary>
public enum DecisionKind
{
    Available,

    /// <summary>Reported bad by another replica, or stalled: it is probed at once, and a single failure ejects it.</summary>
    Suspect,

    /// <summary>The breaker is half-open: only its trials are sent.</summary>
    TrialsOnly,

    Ejected,
}
