using System.Runtime.InteropServices;

namespace Gateway.Core.Overload;

/// <summary>
/// The requests of one pool that wait for their answer, and the limit on them. Shared by all loops; a request costs two atomic steps where it begins and
/// ends and two where it is answered. The first answer after the end of a window moves the limit: whoever takes its sums has closed the window.
/// </summary>
public sealed class ConcurrencyLimiter
{
    private const int LatencyBits = 44;
    private const long OneSample = 1L << LatencyBits;
    private const long LatencyMask = OneSample - 1;

    /// <summary>A longer latency counts as this one, so that a window's sum has room.</summary>
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(1);

    private Hot _hot;
    private AdaptiveLimit _limit = AdaptiveLimit.Unknown;
    private readonly long[] _refused = new long[Enum.GetValues<RequestPriority>().Length];

    /// <summary>Requests that wait for their answer.</summary>
    public int InFlight => Volatile.Read(ref _hot.InFlight);

    /// <summary>Requests of a priority ever refused.</summary>
    public long Refused(RequestPriority priority) => Volatile.Read(ref _refused[(int)priority]);

    /// <summary>The limit, and what it goes by.</summary>
    public AdaptiveLimit State => Volatile.Read(ref _limit);

    /// <summary>Takes a place for a request, which <see cref="Leave"/> gives back.</summary>
    /// <param name="among">How many have one now, this one among them.</param>
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

    /// <summary>A request waits no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _hot.InFlight);

    /// <summary>Takes in how long a request waited for its answer.</summary>
    /// <param name="among">What <see cref="TryEnter"/> said.</param>
    public void Observe(ConcurrencyPolicy policy, TimeSpan latency, int among, TimeSpan now)
    {
        var microseconds = Math.Clamp((long)latency.TotalMicroseconds, 1, (long)LongestLatency.TotalMicroseconds);
        Interlocked.Add(ref _hot.Among, among);
        if (State.IsDue(Interlocked.Add(ref _hot.Samples, OneSample + microseconds) >>> LatencyBits, now))
        {
            Close(policy, now);
        }
    }

    /// <summary>
    /// The same of a request that was given up without an answer. It would have waited longer by an unknown time, so that it says something only where it has
    /// waited longer than usual already.
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
            Interlocked.Add(ref _hot.Samples, sums); // Another answer was first, and has the window.
            return;
        }

        // Taken apart from the sums: an answer that comes in between is in one of them now, and in the other at the next window.
        var among = Interlocked.Exchange(ref _hot.Among, 0);
        var window = new LatencyWindow(samples, (double)(sums & LatencyMask) / samples, (double)among / samples);
        Interlocked.CompareExchange(ref _limit, limit.Next(window, InFlight, policy, now), limit);
    }

    /// <summary>Padded to cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Hot
    {
        [FieldOffset(64)] public int InFlight;

        // Answers in this window, and the sum of their latencies in microseconds below them.
        [FieldOffset(72)] public long Samples;
        [FieldOffset(80)] public long Among;
    }
}
