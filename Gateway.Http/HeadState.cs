namespace Gateway.Http;

/// <summary>The parsing state of a head.</summary>
public enum HeadState
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    Complete,

    /// <summary>
    /// The head is not valid, or larger than allowed.
    /// </summary>
    Faulty,
}
