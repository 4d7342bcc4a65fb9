namespace Gateway.Core.Health;

/// <summary>One probe, waiting or in flight.</summary>
/// <param name="Pool">The pool that requested it first.</param>
/// <param name="Verifying">Whether it verifies a report.</param>
/// <param name="Slow">Whether its target did not answer last time, or was never probed.</param>
/// <param name="Since">When it was requested.</param>
public sealed record ProbeTurn<TTarget>(TTarget Target, string Pool, bool Verifying, bool Slow, TimeSpan Since)
    where TTarget : notnull
{
    public bool Begun { get; init; }

    /// <summary>Identifies the turn before and after it begins.</summary>
    internal object Ticket { get; } = new();
}
