namespace Gateway.Actors.Surroundings;

/// <summary>Time as the actors see it. Any thread may read it.</summary>
/// <param name="provider">The replica's clock.</param>
/// <param name="running">A clock that stands still while this process does not run (stopped, migrated, starved). Null: it always runs.</param>
public sealed class ActorClock(TimeProvider provider, TimeProvider? running = null)
{
    /// <summary>The replica's clock.</summary>
    public TimeProvider Provider => provider;

    /// <summary>The time by the monotonic clock.</summary>
    public TimeSpan Now => provider.GetElapsedTime(0);

    /// <summary>The running time of this process, used to time waits for endpoints and replicas.</summary>
    public TimeSpan Ran => running?.GetElapsedTime(0) ?? Now;

    /// <summary>The total time this process was stopped: nothing was received during it, and nobody else is to blame.</summary>
    public TimeSpan Lost
    {
        get
        {
            // In this order, so that the time between the two reads does not count as lost.
            var now = Now;
            return running?.GetElapsedTime(0) is { } ran && now > ran ? now - ran : TimeSpan.Zero;
        }
    }
}
