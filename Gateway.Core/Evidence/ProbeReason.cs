namespace Gateway.Core.Evidence;

/// <summary>The reason for a replica to probe an endpoint.</summary>
public enum ProbeReason
{
    /// <summary>It does not probe: the owners do.</summary>
    None,

    /// <summary>It is one of the endpoint's owners in its zone.</summary>
    Owner,

    /// <summary>Row 9: it is reported bad, and no replica in this zone has probed; or it is stalled.</summary>
    Unverified,

    /// <summary>Row 10: there is no evidence.</summary>
    Unknown,

    /// <summary>To verify a report.</summary>
    Verification,
}
