using System.Runtime.CompilerServices;

namespace Gateway.Core.Cells;

/// <summary>
/// The latency memory of one endpoint in 64 bits: a peak-sensitive moving average and when it was last fed. A sample above it
/// replaces it, a sample below lets it decay (Finagle's Peak EWMA): <c>cost*w + rtt*(1-w)</c> with <c>w = e^(-dt/tau)</c>. Read
/// later, it has decayed towards zero, so that an endpoint that was slow once is tried again.
/// From 100 ms, a sample of 20 ms after 10 s (one tau): 100*0.3679 + 20*0.6321 = 49.4 ms.
/// Bits: cost in seconds 28 (a 32-bit float without its sign and its last three bits, so that it is right to a millionth), stamp in milliseconds 36, which
/// wraps after 795 days. Zero: no sample yet.
/// </summary>
public readonly record struct LatencyWord(ulong Bits)
{
    /// <summary>How fast the past fades, in seconds.</summary>
    public const float TauSeconds = 10;

    /// <summary>What an endpoint without a sample is taken to cost, in seconds.</summary>
    public const float SeedSeconds = 0.030f;

    /// <summary>What a failure counts as.</summary>
    public static readonly TimeSpan Penalty = TimeSpan.FromSeconds(5);

    private const int StampBits = 36;
    private const ulong StampMask = (1UL << StampBits) - 1;

    /// <summary>Of the float's last bits, so many are rounded off.</summary>
    private const int DroppedBits = 3;

    /// <summary>How far ahead of a reader a stamp can be, in milliseconds: threads read the clock at different moments. All else is the past.</summary>
    private const ulong Ahead = 60_000;

    /// <summary>Costs are kept at or above this, so that a word with a sample is never zero.</summary>
    private const float Floor = 1e-7f;

    public bool HasSample => Bits != 0;

    /// <summary>The average as it was when last fed, in seconds.</summary>
    public float Cost => BitConverter.UInt32BitsToSingle((uint)(Bits >> StampBits) << DroppedBits);

    public TimeSpan Average => TimeSpan.FromSeconds(Cost);

    private ulong Stamp => Bits & StampMask;

    /// <summary>
    /// Milliseconds since the last sample, 49 days at most; one stamped a moment later than <paramref name="now"/> is fresh. A process that has not
    /// sent anything to an endpoint for 795 days takes its sample for younger than it is.
    /// </summary>
    public uint AgeAt(TimeSpan now)
    {
        var age = unchecked(StampOf(now) - Stamp) & StampMask;
        return age > StampMask - Ahead ? 0 : (uint)Math.Min(age, uint.MaxValue);
    }

    /// <summary>The average at <paramref name="now"/>, in seconds: decayed since the last sample, <see cref="SeedSeconds"/> if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float CostAt(TimeSpan now) =>
        HasSample ? Cost * Decay.After(AgeAt(now)) : SeedSeconds;

    public LatencyWord Observe(TimeSpan rtt, TimeSpan now)
    {
        var sample = Math.Max((float)rtt.TotalSeconds, Floor);
        if (HasSample && sample < Cost)
        {
            var w = Decay.After(AgeAt(now));
            sample = Math.Max((Cost * w) + (sample * (1 - w)), Floor);
        }

        var rounded = (BitConverter.SingleToUInt32Bits(sample) + (1U << (DroppedBits - 1))) >> DroppedBits;
        return new(((ulong)rounded << StampBits) | StampOf(now));
    }

    private static ulong StampOf(TimeSpan now) => unchecked((ulong)(now.Ticks / TimeSpan.TicksPerMillisecond)) & StampMask;
}
