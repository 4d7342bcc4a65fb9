namespace Gateway.Http;

/// <summary>How far a head has been parsed.</summary>
public enum HeadState
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    Complete,

    /// <summary>It is not valid, or larger than allowed.</summary>
    Faulty,
}
