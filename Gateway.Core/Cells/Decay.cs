using System.Runtime.CompilerServices;

namespace Gateway.Core.Cells;

/// <summary>
/// The exponential decay of a latency: <c>e^(-t/tau)</c> for whole milliseconds, looked up as a product of two factors, since a pick needs it
/// twice and the exponential itself would take half the time of the pick. After 10 s (one tau) 0.36788; 1 ms later 0.36784.
/// </summary>
internal static class Decay
{
    private const int Steps = 256;

    /// <summary>After 0 to 255 ms.</summary>
    private static readonly float[] Fine = Factors(1);

    /// <summary>After multiples of 256 ms, to 65 s.</summary>
    private static readonly float[] Coarse = Factors(Steps);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float After(uint milliseconds) =>
        milliseconds < Steps * Steps ? Fine[milliseconds % Steps] * Coarse[milliseconds / Steps] : (float)Exactly(milliseconds);

    private static double Exactly(uint milliseconds) => Math.Exp(milliseconds / (-1000d * LatencyWord.TauSeconds));

    private static float[] Factors(uint milliseconds) => [.. Enumerable.Range(0, Steps).Select(step => (float)Exactly((uint)step * milliseconds))];
}
