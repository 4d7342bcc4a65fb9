namespace Gateway.Core.Outliers;

/// <summary>
/// The results of the attempts at one endpoint within an interval.
/// </summary>
public readonly record struct OutlierSample(long Successes, long Failures)
{
    public long Requests => Successes + Failures;

    /// <summary>In percent; valid only with at least one request.</summary>
    public double SuccessRate => 100.0 * Successes / Requests;
}
