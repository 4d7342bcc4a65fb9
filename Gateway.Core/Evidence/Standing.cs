namespace Gateway.Core.Evidence;

/// <summary>What becomes of an endpoint in its pool once the cap has been applied to what was decided.</summary>
public enum Standing
{
    /// <summary>It takes part.</summary>
    In,

    /// <summary>It is picked only if nothing else is.</summary>
    Held,

    Out,
}
