namespace Gateway.Tests.EndToEnd;

/// <summary>The system's clock at a hundredth of its speed, so that no time limit passes on a busy machine. Timers are the system's.</summary>
internal sealed class SlowTime : TimeProvider
{
    public override long TimestampFrequency => 100 * base.TimestampFrequency;
}
