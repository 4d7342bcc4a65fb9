namespace Gateway.Tests.EndToEnd;

/// <summary>The system's clock, until it jumps, as seen by a process that was stopped for a while. Timers are the system's.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ahead;

    public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _ahead);

    public void Jump(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * TimestampFrequency));
}
