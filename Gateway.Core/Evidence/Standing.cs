namespace Gateway.Core.Evidence;

/// <summary>The standing of an endpoint in its pool, after the cap.</summary>
public enum Standing
{
    /// <summary>In rotation.</summary>
    In,

    /// <summary>Picked only if nothing else is.</summary>
    Held,

    Out,
}
