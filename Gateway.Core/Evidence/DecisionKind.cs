namespace Gateway.Core.Evidence;

/// <summary>What a replica does with an endpoint.</summary>
public enum DecisionKind
{
    Available,

    /// <summary>Somebody reports it bad, or it answers nothing any more: it is looked at at once, and a single failure takes it out.</summary>
    Suspect,

    /// <summary>The breaker is half-open: only its trials are sent.</summary>
    TrialsOnly,

    Ejected,
}
