namespace Gateway.Core.Analytics;

/// <summary>What was counted of one thing in some time, or ever. Addition is commutative and associative, and <see cref="None"/> is its identity.</summary>
/// <param name="Count">Requests, or of an endpoint attempts.</param>
/// <param name="Errors">Those that went wrong: docs/analytics.md says which.</param>
/// <param name="Durations">How long requests took, from their head to the end of their answer.</param>
/// <param name="FirstBytes">Of an endpoint: from the begin of an attempt to the head of its answer.</param>
public sealed record SeriesCounts(long Count, long Errors, LatencyCounts Durations, LatencyCounts FirstBytes)
{
    public static SeriesCounts None { get; } = new(0, 0, LatencyCounts.Empty, LatencyCounts.Empty);

    public static SeriesCounts operator +(SeriesCounts a, SeriesCounts b) =>
        new(a.Count + b.Count, a.Errors + b.Errors, a.Durations + b.Durations, a.FirstBytes + b.FirstBytes);

    /// <summary>What has been counted since an earlier reading of the same.</summary>
    public SeriesCounts Since(SeriesCounts before) => Count == before.Count && Errors == before.Errors && Durations.Equals(before.Durations) && FirstBytes.Equals(before.FirstBytes)
        ? None
        : new(Math.Max(0, Count - before.Count), Math.Max(0, Errors - before.Errors), Durations.Since(before.Durations), FirstBytes.Since(before.FirstBytes));
}

/// <summary>Something that counts since it came into being, and can be read at any time.</summary>
public interface ISeriesSource
{
    /// <summary>What it counts for; several may count for the same.</summary>
    SeriesKey Key { get; }

    /// <summary>All that it has counted.</summary>
    SeriesCounts Read();
}
