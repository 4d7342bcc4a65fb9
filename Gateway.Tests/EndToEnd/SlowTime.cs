using Gateway.Node.Settings;

namespace Gateway.Tests.EndToEnd;

/// <summary>The system's clock at a hundredth of its speed, so that no time limit passes on a busy machine. Timers are the system's.</summary>
internal sealed class SlowTime : TimeProvider
{
    public override long TimestampFrequency => 100 * base.TimestampFrequency;

    /// <summary>Ends the drain soon, since by this clock connections take long to close.</summary>
    public static GatewaySettings EndSoon(GatewaySettings settings) => settings with { Drain = settings.Drain with { Timeout = TimeSpan.FromSeconds(1) } };
}
