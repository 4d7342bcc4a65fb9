namespace Gateway.Core.Overload;

/// <summary>Computes the share of an adaptive limit that requests of a priority may fill, counting all requests.</summary>
public static class PriorityShare
{
    private const int DefaultPercent = 95;
    private const int SheddablePercent = 80;

    /// <summary>
    /// Returns 100 % for critical requests, 95 % for default ones, 80 % for sheddable ones, rounded down; at least one. For 163: 163, 154 and 130.
    /// </summary>
    public static int Of(int limit, RequestPriority priority) => priority switch
    {
        RequestPriority.Critical => limit,
        RequestPriority.Sheddable => Math.Max(1, (int)((long)limit * SheddablePercent / 100)),
        _ => Math.Max(1, (int)((long)limit * DefaultPercent / 100)),
    };
}
