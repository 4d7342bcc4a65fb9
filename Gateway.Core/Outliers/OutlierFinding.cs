using System.Globalization;

namespace Gateway.Core.Outliers;

/// <summary>An endpoint whose success rate is below the threshold of its pool.</summary>
/// <param name="Index">The index of its sample.</param>
/// <param name="Threshold">In percent.</param>
public readonly record struct OutlierFinding(int Index, OutlierSample Sample, double Threshold)
{
    /// <summary>The reason for display: <c>50.0 % of 200 requests succeeded, below 52.0 %</c>.</summary>
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{Sample.SuccessRate:0.0} % of {Sample.Requests} requests succeeded, below {Threshold:0.0} %");
}
