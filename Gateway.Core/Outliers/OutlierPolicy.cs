namespace Gateway.Core.Outliers;

/// <summary>How a pool finds endpoints that fail more requests than the others, and how long they are out. A pool without one looks for none.</summary>
public sealed record OutlierPolicy
{
    public static OutlierPolicy Default { get; } = new();

    /// <summary>Between two judgements, each over what was answered since the last. Default 10 s, 1 s to 1 h; longer judges on more and later.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Endpoints with enough requests below which nobody is judged. Default 5, 5 to 1,000: of four, none can be 1.9 deviations from the mean.</summary>
    public int MinEndpoints { get; init; } = 5;

    /// <summary>Requests within the interval below which an endpoint is not judged. Default 100, 1 to 1,000,000; fewer takes chance for a fault.</summary>
    public int MinRequests { get; init; } = 100;

    /// <summary>How long an endpoint is out the first time, ±10 %; so many times as long the more often it was. Default 30 s, 1 s to 1 h.</summary>
    public TimeSpan BaseEjection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What that stops at. Default 5 min, up to 1 day; at least <see cref="BaseEjection"/>.</summary>
    public TimeSpan MaxEjection { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The share of the pool (in percent) that may be out, for whatever reason, when an outlier is ejected. Default 30, 1 to 100. One always may be while
    /// nobody else is out; the last that can be picked never.
    /// </summary>
    public int MaxEjectionPercent { get; init; } = 30;
}
