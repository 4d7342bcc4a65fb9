namespace Gateway.Core.Breaking;

public enum BreakerPhase
{
    Closed = 0,
    Open = 1,
    HalfOpen = 2,
}

/// <summary>The names of the phases in metrics, commands and the admin API.</summary>
public static class BreakerPhaseNames
{
    public static string Name(this BreakerPhase phase) => phase switch
    {
        BreakerPhase.Closed => "closed",
        BreakerPhase.Open => "open",
        BreakerPhase.HalfOpen => "half-open",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
