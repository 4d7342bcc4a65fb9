using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Outliers;

/// <summary>
/// Finds the endpoints that fail more requests than the others, by their success rates over one interval (Envoy's success-rate outlier detection).
/// <code>
/// threshold = mean - 1.9 * sigma        of the rates of all endpoints that had enough requests; sigma over them as a population
/// </code>
/// Rates of 50, 100, 100, 100 and 100 %: mean 90, sigma 20, threshold 52, so the first is an outlier. If all fail alike, sigma is 0 and none is an outlier.
/// </summary>
public static class OutlierDetector
{
    /// <summary>Standard deviations below the mean. Of n endpoints none can be more than sqrt(n - 1) below: 2 for five.</summary>
    public const double Deviations = 1.9;

    /// <summary>The tolerance for rounding in comparisons of rates.</summary>
    private const double Rounding = 1e-9;

    /// <param name="samples">One per endpoint; null for an ejected one, which is neither judged nor compared with.</param>
    /// <returns>The outliers, the worst first.</returns>
    public static ImmutableArray<OutlierFinding> Judge(IReadOnlyList<OutlierSample?> samples, OutlierPolicy policy)
    {
        var judged = samples
            .Select((sample, index) => (Sample: sample ?? default, Index: index))
            .Where(each => each.Sample.Requests >= policy.MinRequests)
            .ToArray();
        if (judged.Length < policy.MinEndpoints)
        {
            return [];
        }

        var threshold = Threshold([.. judged.Select(each => each.Sample.SuccessRate)]);
        return
        [
            .. judged.Where(each => each.Sample.SuccessRate < threshold - Rounding)
                .OrderBy(each => each.Sample.SuccessRate)
                .Select(each => new OutlierFinding(each.Index, each.Sample, threshold)),
        ];
    }

    /// <summary>Returns the rate, in percent, below which an endpoint is an outlier.</summary>
    public static double Threshold(ReadOnlySpan<double> rates)
    {
        var (mean, squares) = (0d, 0d);
        foreach (var rate in rates)
        {
            mean += rate / rates.Length;
        }

        foreach (var rate in rates)
        {
            squares += (rate - mean) * (rate - mean);
        }

        return mean - (Deviations * Math.Sqrt(squares / rates.Length));
    }
}

/// <summary>
/// The results of the attempts at one endpoint within an interval.
/// </summary>
public readonly record struct OutlierSample(long Successes, long Failures)
{
    public long Requests => Successes + Failures;

    /// <summary>In percent; valid only with at least one request.</summary>
    public double SuccessRate => 100.0 * Successes / Requests;
}

/// <summary>An endpoint whose success rate is below the threshold of its pool.</summary>
/// <param name="Index">The index of its sample.</param>
/// <param name="Threshold">In percent.</param>
public readonly record struct OutlierFinding(int Index, OutlierSample Sample, double Threshold)
{
    /// <summary>The reason for display: <c>50.0 % of 200 requests succeeded, below 52.0 %</c>.</summary>
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{Sample.SuccessRate:0.0} % of {Sample.Requests} requests succeeded, below {Threshold:0.0} %");
}
