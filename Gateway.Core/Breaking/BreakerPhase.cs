namespace Gateway.Core.Breaking;

public enum BreakerPhase
{
    Closed = 0,
    Open = 1,
    HalfOpen = 2,
}
