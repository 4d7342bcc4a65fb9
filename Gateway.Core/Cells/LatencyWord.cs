using System.Runtime.CompilerServices;

namespace Gateway.Core.Cells;

/// <summary>
/// The latency memory of one endpoint in 64 bits: a peak-sensitive moving average and the time of its last sample. A sample above the average
/// replaces it, a sample below lets it decay (Finagle's Peak EWMA): <c>cost*w + rtt*(1-w)</c> with <c>w = e^(-dt/tau)</c>. On reads
/// it decays towards zero, so an endpoint that was slow once is tried again.
/// From 100 ms, a sample of 20 ms after 10 s (one tau): 100*0.3679 + 20*0.6321 = 49.4 ms.
/// Bits: cost in seconds 28 (a 32-bit float without its sign and last three bits, accurate to a millionth), stamp in milliseconds 36, which
/// wraps after 795 days. Zero means no sample yet.
/// </summary>
public readonly record struct LatencyWord(ulong Bits)
{
    /// <summary>The decay time constant, in seconds.</summary>
    public const float TauSeconds = 10;

    /// <summary>The assumed cost of an endpoint without a sample, in seconds.</summary>
    public const float SeedSeconds = 0.030f;

    /// <summary>The latency recorded for a failure.</summary>
    public static readonly TimeSpan Penalty = TimeSpan.FromSeconds(5);

    private const int StampBits = 36;
    private const ulong StampMask = (1UL << StampBits) - 1;

    /// <summary>The number of low float bits rounded off.</summary>
    private const int DroppedBits = 3;

    /// <summary>
    /// How far ahead of a reader a stamp can be, in milliseconds, since threads read the clock at different moments. Anything else is in the past.
    /// </summary>
    private const ulong Ahead = 60_000;

    /// <summary>The lower limit of costs, so that a word with a sample is never zero.</summary>
    private const float Floor = 1e-7f;

    public bool HasSample => Bits != 0;

    /// <summary>The average at the last sample, in seconds.</summary>
    public float Cost => BitConverter.UInt32BitsToSingle((uint)(Bits >> StampBits) << DroppedBits);

    public TimeSpan Average => TimeSpan.FromSeconds(Cost);

    private ulong Stamp => Bits & StampMask;

    /// <summary>
    /// Returns the milliseconds since the last sample, at most 49 days; a stamp slightly later than <paramref name="now"/> counts as fresh. After 795 days
    /// without a sample the stamp wraps, and the sample seems younger than it is.
    /// </summary>
    public uint AgeAt(TimeSpan now)
    {
        var age = unchecked(StampOf(now) - Stamp) & StampMask;
        return age > StampMask - Ahead ? 0 : (uint)Math.Min(age, uint.MaxValue);
    }

    /// <summary>Returns the average at <paramref name="now"/> in seconds, decayed since the last sample; <see cref="SeedSeconds"/> without one.</summary>
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
