using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>What all loops count of the requests that ended at one backend: one atomic increment for each, and one more for an error.</summary>
public sealed class SharedTally
{
    private readonly LatencyHistogram _durations = new();
    private long _errors;

    /// <summary>A request is over.</summary>
    /// <param name="isError">Whether it was answered with 500 to 599.</param>
    public void Ended(TimeSpan duration, bool isError)
    {
        _durations.Observe(duration);
        if (isError)
        {
            Interlocked.Increment(ref _errors);
        }
    }

    /// <summary>An answer below 500 was broken off by the backend: the request that has just ended is an error after all.</summary>
    public void BrokenOff() => Interlocked.Increment(ref _errors);

    /// <summary>Adds its durations to others.</summary>
    public void AddTo(Span<long> durations) => _durations.AddTo(durations);

    public SeriesCounts Read()
    {
        var errors = Interlocked.Read(ref _errors); // Before the requests, so that there are never more errors than these.
        var durations = LatencyCounts.Of(_durations);
        return new(durations.Total, errors, durations, LatencyCounts.Empty);
    }
}
