namespace Gateway.Core.Evidence;

/// <summary>The row of <see cref="DecisionTable"/> that decided.</summary>
public enum DecisionReason
{
    /// <summary>Row 10: there is no evidence, so the last decision stands.</summary>
    Unknown,

    /// <summary>Row 1: own probes fail.</summary>
    OwnProbe,

    /// <summary>Row 2: the own breaker is open.</summary>
    OwnBreaker,

    /// <summary>Row 3: the own breaker is half-open.</summary>
    Trial,

    /// <summary>Row 4: own probes pass, and no replica reports it bad.</summary>
    Own,

    /// <summary>
    /// Rows 5 and 8: a replica reports it bad, and this replica or its zone can probe.
    /// </summary>
    Reported,

    /// <summary>
    /// Rows 6 and 7: this replica does not probe, so the others in its zone decide.
    /// </summary>
    Zone,

    /// <summary>Row 9: a replica reports it bad, and none in this zone has probed.</summary>
    Unverified,

    /// <summary>Rows 4, 7 and 10, if all of this replica's attempts wait for an answer.</summary>
    Stalled,

    /// <summary>
    /// Before row 4: it failed more of this replica's requests than the pool's others did.
    /// </summary>
    Outlier,
}
