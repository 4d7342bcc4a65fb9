namespace Gateway.Core.Outcomes;

/// <summary>What an attempt says about its endpoint.</summary>
public enum Outcome
{
    Success,
    Failure,

    /// <summary>Says nothing: the client went away, or the gateway itself gave up.</summary>
    Ignored,
}
