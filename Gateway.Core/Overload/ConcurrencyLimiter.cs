using System.Runtime.InteropServices;

namespace Gateway.Core.Overload;

/// <summary>
/// Counts the requests of one pool that wait for an answer, and limits them. Shared by all loops; a request costs two atomic steps where it begins and
/// ends and two where it is answered. The first answer after the end of a window updates the limit: the thread that takes its sums closes the window.
/// </summary>
public sealed class ConcurrencyLimiter
{
    private const int LatencyBits = 44;
    private const long OneSample = 1L << LatencyBits;
    private const long LatencyMask = OneSample - 1;

    /// <summary>Longer latencies are recorded as this, so that a window's sum cannot overflow.</summary>
    private static readonly TimeSpan MaxLatency = TimeSpan.FromMinutes(1);

    private Hot _hot;
    private AdaptiveLimit _limit = AdaptiveLimit.Unknown;
    private readonly long[] _refused = new long[Enum.GetValues<RequestPriority>().Length];

    /// <summary>The requests waiting for an answer.</summary>
    public int InFlight => Volatile.Read(ref _hot.InFlight);

    /// <summary>Returns the number of refused requests of a priority.</summary>
    public long Refused(RequestPriority priority) => Volatile.Read(ref _refused[(int)priority]);

    /// <summary>The limit and its state.</summary>
    public AdaptiveLimit State => Volatile.Read(ref _limit);

    /// <summary>Takes a slot for a request, to be returned by <see cref="Leave"/>.</summary>
    /// <param name="among">The number of slots in use, this one included.</param>
    public bool TryEnter(ConcurrencyPolicy policy, RequestPriority priority, out int among)
    {
        among = Interlocked.Increment(ref _hot.InFlight);
        if (among <= PriorityShare.Of(policy.Bound(State.Limit), priority))
        {
            return true;
        }

        Interlocked.Decrement(ref _hot.InFlight);
        Interlocked.Increment(ref _refused[(int)priority]);
        return false;
    }

    /// <summary>Returns a slot.</summary>
    public void Leave() => Interlocked.Decrement(ref _hot.InFlight);

    /// <summary>Records the latency of an answer.</summary>
    /// <param name="among">The number returned by <see cref="TryEnter"/>.</param>
    public void Observe(ConcurrencyPolicy policy, TimeSpan latency, int among, TimeSpan now)
    {
        var microseconds = Math.Clamp((long)latency.TotalMicroseconds, 1, (long)MaxLatency.TotalMicroseconds);
        Interlocked.Add(ref _hot.Among, among);
        if (State.IsDue(Interlocked.Add(ref _hot.Samples, OneSample + microseconds) >>> LatencyBits, now))
        {
            Close(policy, now);
        }
    }

    /// <summary>
    /// Records a request given up without an answer. It would have waited longer by an unknown time, so it is recorded only if it has waited longer
    /// than usual already.
    /// </summary>
    public void ObserveUnanswered(ConcurrencyPolicy policy, TimeSpan waited, int among, TimeSpan now)
    {
        if (State.Usual > 0 && waited.TotalMicroseconds > State.Usual)
        {
            Observe(policy, waited, among, now);
        }
    }

    private void Close(ConcurrencyPolicy policy, TimeSpan now)
    {
        var sums = Interlocked.Exchange(ref _hot.Samples, 0);
        var samples = sums >>> LatencyBits;
        var limit = State;
        if (!limit.IsDue(samples, now))
        {
            Interlocked.Add(ref _hot.Samples, sums); // Another answer was first, and has closed the window.
            return;
        }

        // Not atomic with the sums: an answer in between is split over this window and the next.
        var among = Interlocked.Exchange(ref _hot.Among, 0);
        var window = new LatencyWindow(samples, (double)(sums & LatencyMask) / samples, (double)among / samples);
        Interlocked.CompareExchange(ref _limit, limit.Next(window, InFlight, policy, now), limit);
    }

    /// <summary>Padded to its own cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Hot
    {
        [FieldOffset(64)] public int InFlight;

        // The answers in this window; below, the sum of their latencies in microseconds.
        [FieldOffset(72)] public long Samples;
        [FieldOffset(80)] public long Among;
    }
}
