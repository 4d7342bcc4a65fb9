using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>What one loop counts of one route. Written by that loop alone, without an atomic operation; each number may be read by any thread.</summary>
public sealed class LoopTally
{
    /// <summary>Classes of statuses: 1xx to 5xx by their digit, and 0 for all else.</summary>
    public const int Classes = 6;

    private readonly long[] _durations = new long[LatencyHistogram.Length];
    private readonly long[] _classes = new long[Classes];
    private long _errors;

    /// <summary>A request is over.</summary>
    /// <param name="status">What it was answered with.</param>
    /// <param name="isBrokenOff">Whether its answer was broken off by the backend: an error, as 500 and above is.</param>
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

    /// <summary>Adds its counts by class of status to others.</summary>
    public void AddClassesTo(Span<long> classes)
    {
        for (var i = 0; i < Classes; i++)
        {
            classes[i] += Volatile.Read(ref _classes[i]);
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
