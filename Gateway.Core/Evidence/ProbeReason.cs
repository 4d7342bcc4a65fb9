namespace Gateway.Core.Evidence;

/// <summary>Why a replica probes an endpoint.</summary>
public enum ProbeReason
{
    /// <summary>It does not: the owners do.</summary>
    None,

    /// <summary>It is one of the endpoint's owners in its zone.</summary>
    Owner,

    /// <summary>Row 9: it is reported bad, and nobody in this zone has looked. Or it answers nothing any more.</summary>
    Unverified,

    /// <summary>Row 10: nobody knows anything.</summary>
    Unknown,

    /// <summary>Somebody's report is looked into.</summary>
    Verification,
}
