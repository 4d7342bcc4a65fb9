namespace Gateway.Core.Outliers;

/// <summary>
/// What a replica holds against an endpoint for being an outlier of its pool.
/// <code>
/// in --an outlier (times + 1)--> out for base * times --time is over--> in --an interval without being one (times - 1)--> in
/// </code>
/// </summary>
/// <param name="Until">Until when it is out, by the monotonic clock; null: it is not.</param>
/// <param name="Times">How often it has been ejected, less the intervals since in which it was no outlier.</param>
/// <param name="Why">For people: what it was ejected for.</param>
public sealed record OutlierRecord(TimeSpan? Until, int Times, string Why)
{
    public static OutlierRecord Clean { get; } = new(null, 0, "");

    public bool IsOut => Until is not null;
}
