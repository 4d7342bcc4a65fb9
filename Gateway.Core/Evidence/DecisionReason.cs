namespace Gateway.Core.Evidence;

/// <summary>The row of <see cref="DecisionTable"/> that decided.</summary>
public enum DecisionReason
{
    /// <summary>Row 10: nobody knows anything, so the last decision stands.</summary>
    Unknown,

    /// <summary>Row 1: my probes fail.</summary>
    OwnProbe,

    /// <summary>Row 2: my breaker is open.</summary>
    OwnBreaker,

    /// <summary>Row 3: my breaker is half-open.</summary>
    Trial,

    /// <summary>Row 4: my probes pass, and nobody objects.</summary>
    Own,

    /// <summary>Rows 5 and 8: somebody reports it bad, where I or my zone can look.</summary>
    Reported,

    /// <summary>Rows 6 and 7: I do not look myself, and my zone's others decide.</summary>
    Zone,

    /// <summary>Row 9: somebody reports it bad, and nobody in my zone has looked.</summary>
    Unverified,

    /// <summary>Rows 4, 7 and 10, where everything that I send it is left waiting.</summary>
    Stalled,

    /// <summary>Before row 4: it failed more of my requests than the pool's others did.</summary>
    Outlier,
}
