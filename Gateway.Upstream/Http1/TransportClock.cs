namespace Gateway.Upstream.Http1;

/// <summary>The monotonic clock in its own ticks: what deadlines are kept in, so that looking at one is one comparison.</summary>
internal sealed class TransportClock(TimeProvider provider)
{
    private readonly double _perTick = (double)provider.TimestampFrequency / TimeSpan.TicksPerSecond;

    public long Now => provider.GetTimestamp();

    /// <summary>A span, or a reading of the replica's clock, in ticks.</summary>
    public long Ticks(TimeSpan span) => (long)(span.Ticks * _perTick);

    /// <summary>The replica's clock at some ticks.</summary>
    public TimeSpan Reading(long ticks) => provider.GetElapsedTime(0, ticks);

    /// <summary>A timer that is set later, by <see cref="ITimer.Change"/>.</summary>
    public ITimer NewTimer(TimerCallback callback, object state) =>
        provider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public Task After(TimeSpan span) => Task.Delay(span, provider);

    public TimeSpan Span(long ticks) => new((long)(ticks / _perTick));
}
