using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>One loop's counts for one route. Only that loop writes, without atomic operations; any thread may read.</summary>
public sealed class LoopTally
{
    /// <summary>The number of status classes: 1xx to 5xx by their digit, and 0 for everything else.</summary>
    public const int Classes = 6;

    private readonly long[] _durations = new long[LatencyHistogram.Length];
    private readonly long[] _classes = new long[Classes];
    private long _errors;

    /// <summary>Counts a finished request.</summary>
    /// <param name="status">The status of its answer.</param>
    /// <param name="isBrokenOff">Whether the backend broke off the answer: counted as an error, like 500 and above.</param>
    public void Ended(TimeSpan duration, int status, bool isBrokenOff = false)
    {
        ref var ofClass = ref _classes[status is >= 100 and < 600 ? status / 100 : 0];
        Volatile.Write(ref ofClass, ofClass + 1);
        ref var count = ref _durations[LatencyHistogram.IndexOf(duration)];
        Volatile.Write(ref count, count + 1);
        if (isBrokenOff || status >= 500)
        {
            Volatile.Write(ref _errors, _errors + 1);
        }
    }

    /// <summary>Adds the counts by status class to <paramref name="classes"/>.</summary>
    public void AddClassesTo(Span<long> classes)
    {
        for (var i = 0; i < Classes; i++)
        {
            classes[i] += Volatile.Read(ref _classes[i]);
        }
    }

    /// <summary>Adds the latency counts to <paramref name="durations"/> and returns the number of errors.</summary>
    public long AddTo(Span<long> durations)
    {
        var errors = Volatile.Read(ref _errors); // Read before the requests, so that errors never exceed them.
        for (var i = 0; i < _durations.Length; i++)
        {
            durations[i] += Volatile.Read(ref _durations[i]);
        }

        return errors;
    }
}
