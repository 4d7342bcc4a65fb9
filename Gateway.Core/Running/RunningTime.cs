namespace Gateway.Core.Running;

/// <summary>
/// The running time of this process, from a monotonic clock that continues while the process is stopped (a migrated virtual machine,
/// SIGSTOP, a long garbage collection). It relies on a tick every few milliseconds: time between two ticks beyond the
/// allowance is a gap, which does not count.
/// <para>
/// Until the tick after a gap, the time stands at the last tick plus the allowance, so code that runs before the tick sees no jump either.
/// With an allowance of 300 ms and ticks at 1.000 s and 16.000 s, 14.7 s are lost: at 16.001 s the time is 1.301 s.
/// </para>
/// </summary>
/// <param name="LastTick">When the last tick came, by the monotonic clock.</param>
/// <param name="Lost">The sum of all gaps so far.</param>
/// <param name="Allowance">
/// How long after a tick the process is certain to run: many times the ticks' period. In the clock's unit, like the others.
/// </param>
public readonly record struct RunningTime(long LastTick, long Lost, long Allowance)
{
    /// <summary>The latest possible time before the next tick.</summary>
    public long Ceiling => LastTick + Allowance - Lost;

    /// <summary>Returns the time at a reading of the monotonic clock. It never goes back.</summary>
    public long At(long now) => Math.Min(now - Lost, Ceiling);

    /// <summary>Handles a tick.</summary>
    /// <returns>The next state, and how long the process was stopped before this tick, nearly always 0.</returns>
    public (RunningTime Next, long Gap) Tick(long now)
    {
        var gap = Math.Max(0, now - LastTick - Allowance);
        return (this with { LastTick = now, Lost = Lost + gap }, gap);
    }
}
