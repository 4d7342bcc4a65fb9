namespace Gateway.Core.Outliers;

/// <summary>What came of the attempts at one endpoint within an interval.</summary>
public readonly record struct OutlierSample(long Successes, long Failures)
{
    public long Requests => Successes + Failures;

    /// <summary>In percent; only where there was a request.</summary>
    public double SuccessRate => 100.0 * Successes / Requests;
}
