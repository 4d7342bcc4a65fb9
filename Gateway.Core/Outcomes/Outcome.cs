namespace Gateway.Core.Outcomes;

/// <summary>The meaning of an attempt for its endpoint's health.</summary>
public enum Outcome
{
    Success,
    Failure,

    /// <summary>No meaning: the client left, or the gateway itself gave up.</summary>
    Ignored,
}
