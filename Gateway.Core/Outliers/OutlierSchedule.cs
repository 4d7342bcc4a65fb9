namespace Gateway.Core.Outliers;

/// <summary>Computes how long an outlier is ejected.</summary>
public static class OutlierSchedule
{
    private const double Jitter = 0.1;

    /// <summary>Returns <c>min(base * times, max)</c> ±10 %, so that several do not return in step. With the defaults: 30, 60, 90 and so on up to 300 s.</summary>
    /// <param name="times">The number of ejections, this one included, less those offset by healthy intervals.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan Duration(OutlierPolicy policy, int times, double unit)
    {
        var grown = policy.BaseEjection * times;
        return (grown < policy.MaxEjection ? grown : policy.MaxEjection) * (1 - Jitter + (2 * Jitter * unit));
    }
}
