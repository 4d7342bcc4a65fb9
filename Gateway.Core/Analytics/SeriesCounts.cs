namespace Gateway.Core.Analytics;

/// <summary>The counts of one series, for a period or in total. Addition is commutative and associative, and <see cref="None"/> is its identity.</summary>
/// <param name="Count">Requests; for an endpoint, attempts.</param>
/// <param name="Errors">Failed ones, as defined in docs/analytics.md.</param>
/// <param name="Durations">Durations of requests, from their head to the end of their answer.</param>
/// <param name="FirstBytes">For an endpoint: the time from the start of an attempt to the head of its answer.</param>
public sealed record SeriesCounts(long Count, long Errors, LatencyCounts Durations, LatencyCounts FirstBytes)
{
    public static SeriesCounts None { get; } = new(0, 0, LatencyCounts.Empty, LatencyCounts.Empty);

    public static SeriesCounts operator +(SeriesCounts a, SeriesCounts b) =>
        new(a.Count + b.Count, a.Errors + b.Errors, a.Durations + b.Durations, a.FirstBytes + b.FirstBytes);

    /// <summary>Returns the increase since an earlier reading.</summary>
    public SeriesCounts Since(SeriesCounts before) => Count == before.Count && Errors == before.Errors && Durations.Equals(before.Durations) && FirstBytes.Equals(before.FirstBytes)
        ? None
        : new(Math.Max(0, Count - before.Count), Math.Max(0, Errors - before.Errors), Durations.Since(before.Durations), FirstBytes.Since(before.FirstBytes));
}

/// <summary>A source of counts that run from its creation and can be read at any time.</summary>
public interface ISeriesSource
{
    /// <summary>The key it counts for; several sources may share a key.</summary>
    SeriesKey Key { get; }

    /// <summary>Returns its total counts.</summary>
    SeriesCounts Read();
}
