namespace Gateway.Core.Retrying;

/// <summary>Computes the wait before another attempt: full jitter under an exponential bound.</summary>
public static class Backoff
{
    private static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Max = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Returns a uniform value in <c>[0, (2^n - 1) * 25 ms)</c>, the bound at most 250 ms: 25, 75, 175, 250 ms.
    /// </summary>
    /// <param name="attempts">Attempts made so far, at least 1.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan Before(int attempts, double unit)
    {
        var bound = Unit * (Math.Pow(2, Math.Min(attempts, 16)) - 1);
        return (bound < Max ? bound : Max) * unit;
    }
}
