namespace Gateway.Core.Running;

/// <summary>
/// The time that this process has run, from readings of a monotonic clock that goes on while the process is stopped (a virtual machine that is
/// moved, SIGSTOP, a long pause of the collector). Told by a tick that is expected every few milliseconds: what lies between two ticks beyond
/// the allowance is a gap, in which nobody was waited for.
/// <para>
/// Until the tick after a gap has come, the time stands at the last tick plus the allowance; so whoever runs first sees no jump either.
/// With an allowance of 300 ms and ticks at 1.000 s and 16.000 s, 14.7 s are lost: at 16.001 s the time is 1.301 s.
/// </para>
/// </summary>
/// <param name="LastTick">When the last tick came, by the monotonic clock.</param>
/// <param name="Lost">What all gaps so far come to.</param>
/// <param name="Allowance">How long after a tick the process certainly still runs: many times the ticks' period. In the clock's unit, like all.</param>
public readonly record struct RunningTime(long LastTick, long Lost, long Allowance)
{
    /// <summary>The latest that the time can be before the next tick.</summary>
    public long Ceiling => LastTick + Allowance - Lost;

    /// <summary>The time at a reading of the monotonic clock. It never goes back.</summary>
    public long At(long now) => Math.Min(now - Lost, Ceiling);

    /// <summary>A tick has come.</summary>
    /// <returns>The next state, and how long the process did not run before this tick: 0 nearly always.</returns>
    public (RunningTime Next, long Gap) Tick(long now)
    {
        var gap = Math.Max(0, now - LastTick - Allowance);
        return (this with { LastTick = now, Lost = Lost + gap }, gap);
    }
}
