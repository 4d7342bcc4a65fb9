namespace Gateway.Core.Health;

/// <summary>One probe that waits or is under way.</summary>
/// <param name="Pool">The pool that asked for it first.</param>
/// <param name="Verifying">Whether it looks into a report.</param>
/// <param name="Slow">Whether its target did not answer last time, or was never asked.</param>
/// <param name="Since">When it was asked for.</param>
public sealed record ProbeTurn<TTarget>(TTarget Target, string Pool, bool Verifying, bool Slow, TimeSpan Since)
    where TTarget : notnull
{
    public bool Begun { get; init; }

    /// <summary>The same for the turn before and after it begins, and for no other.</summary>
    internal object Ticket { get; } = new();
}
