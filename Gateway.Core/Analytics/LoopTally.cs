using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>What one loop counts of one route. Written by that loop alone, without an atomic operation; each number may be read by any thread.</summary>
public sealed class LoopTally
{
    private readonly long[] _durations = new long[LatencyHistogram.Length];
    private long _errors;

    /// <summary>A request is over.</summary>
    /// <param name="isError">Whether it was answered with 500 to 599, or its answer was broken off by the backend.</param>
    public void Ended(TimeSpan duration, bool isError)
    {
        ref var count = ref _durations[LatencyHistogram.IndexOf(duration)];
        Volatile.Write(ref count, count + 1);
        if (isError)
        {
            Volatile.Write(ref _errors, _errors + 1);
        }
    }

    /// <summary>Adds its counts to others, and answers its errors.</summary>
    public long AddTo(Span<long> durations)
    {
        var errors = Volatile.Read(ref _errors); // Before the requests, so that there are never more errors than these.
        for (var i = 0; i < _durations.Length; i++)
        {
            durations[i] += Volatile.Read(ref _durations[i]);
        }

        return errors;
    }
}
