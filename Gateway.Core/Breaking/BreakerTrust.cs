namespace Gateway.Core.Breaking;

/// <summary>The trust in a closed breaker. The values share the bits of the gate: the upper one restricts attempts.</summary>
public enum BreakerTrust
{
    /// <summary>Only the policy's threshold opens it.</summary>
    Trusted = 0,

    /// <summary>One success since it was doubted: attempts are admitted, and the next failure makes it doubted again.</summary>
    Proving = 1,

    /// <summary>One attempt at a time, and a failure opens it.</summary>
    Doubted = 3,
}
