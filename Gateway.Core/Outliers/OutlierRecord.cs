namespace Gateway.Core.Outliers;

/// <summary>
/// A replica's record of an endpoint as an outlier of its pool.
/// <code>
/// in --an outlier (times + 1)--> out for base * times --time is over--> in --an interval without being one (times - 1)--> in
/// </code>
/// </summary>
/// <param name="Until">The end of the ejection, by the monotonic clock; null if it is not ejected.</param>
/// <param name="Times">The number of ejections, less the intervals since in which it was not an outlier.</param>
/// <param name="Why">The reason for the ejection, for display.</param>
public sealed record OutlierRecord(TimeSpan? Until, int Times, string Why)
{
    public static OutlierRecord Clean { get; } = new(null, 0, "");

    public bool IsOut => Until is not null;
}
