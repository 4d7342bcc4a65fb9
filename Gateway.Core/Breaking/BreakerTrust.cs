namespace Gateway.Core.Breaking;

/// <summary>How far a closed breaker is believed in. The values share the bits of the gate: the upper one restricts attempts.</summary>
public enum BreakerTrust
{
    /// <summary>The policy's threshold opens it.</summary>
    Trusted = 0,

    /// <summary>It has succeeded once since it was doubted: attempts go through, and the next failure makes it doubted again.</summary>
    Proving = 1,

    /// <summary>One attempt at a time, and its failure opens it.</summary>
    Doubted = 3,
}
