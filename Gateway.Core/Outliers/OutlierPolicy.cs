namespace Gateway.Core.Outliers;

/// <summary>The settings for outlier detection in a pool and the length of ejections. A pool without one has no outlier detection.</summary>
public sealed record OutlierPolicy
{
    public static OutlierPolicy Default { get; } = new();

    /// <summary>
    /// The time between two judgements, each over the answers since the last. Default 10 s, 1 s to 1 h; a longer one has more data but reacts later.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The number of endpoints with enough requests below which none is judged. Default 5, 5 to 1,000: of four, none can be 1.9 deviations from the mean.
    /// </summary>
    public int MinEndpoints { get; init; } = 5;

    /// <summary>
    /// The number of requests in the interval below which an endpoint is not judged. Default 100, 1 to 1,000,000; a low number mistakes chance for a fault.
    /// </summary>
    public int MinRequests { get; init; } = 100;

    /// <summary>The first ejection's length, ±10 %; multiplied by the number of ejections so far. Default 30 s, 1 s to 1 h.</summary>
    public TimeSpan BaseEjection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The upper limit of that length. Default 5 min, up to 1 day; at least <see cref="BaseEjection"/>.</summary>
    public TimeSpan MaxEjection { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The share of the pool (in percent) that may be out, for any reason, when an outlier is ejected. Default 30, 1 to 100. One may always be ejected while no
    /// other endpoint is out; the last one that can be picked never.
    /// </summary>
    public int MaxEjectionPercent { get; init; } = 30;
}
