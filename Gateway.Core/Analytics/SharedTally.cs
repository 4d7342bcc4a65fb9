using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>
/// Counts of the requests that ended at one backend, shared by all loops: one atomic increment for each request, and one more for an error.
/// </summary>
public sealed class SharedTally
{
    private readonly LatencyHistogram _durations = new();
    private long _errors;

    /// <summary>Counts a finished request.</summary>
    /// <param name="isError">Whether it was answered with 500 to 599.</param>
    public void Ended(TimeSpan duration, bool isError)
    {
        _durations.Observe(duration);
        if (isError)
        {
            Interlocked.Increment(ref _errors);
        }
    }

    /// <summary>Counts an error for the request that has just ended: the backend broke off an answer below 500.</summary>
    public void BrokenOff() => Interlocked.Increment(ref _errors);

    /// <summary>Adds the latency counts to <paramref name="durations"/>.</summary>
    public void AddTo(Span<long> durations) => _durations.AddTo(durations);

    public SeriesCounts Read()
    {
        var errors = Interlocked.Read(ref _errors); // Read before the requests, so that errors never exceed them.
        var durations = LatencyCounts.Of(_durations);
        return new(durations.Total, errors, durations, LatencyCounts.Empty);
    }
}
