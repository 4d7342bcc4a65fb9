namespace Gateway.Core.Traffic;

/// <summary>
/// A ten-second window over running totals, sampled once a second: the newest sample is compared with the oldest one kept. One
/// caller at a time may sample; any thread may read the result.
/// </summary>
public sealed class TrafficWindow
{
    /// <summary>The number of samples before the newest one, which is the window in seconds.</summary>
    public const int Length = 10;

    private readonly Sample[] _ring = new Sample[Length + 1];
    private readonly long[] _recent = new long[LatencyHistogram.Length];
    private long _taken;
    private TrafficRates _rates = TrafficRates.None;

    /// <summary>The rates at the last sample.</summary>
    public TrafficRates Rates => Volatile.Read(ref _rates);

    /// <param name="totals">The running totals now.</param>
    /// <param name="fill">Adds the current latency counts to zeros.</param>
    public TrafficRates Take(TimeSpan now, TrafficTotals totals, Action<Span<long>> fill)
    {
        var slot = (int)(_taken % _ring.Length);
        var counts = _ring[slot].Latencies ?? new long[LatencyHistogram.Length];
        Array.Clear(counts);
        fill(counts);
        _ring[slot] = new(now, totals, counts);
        _taken++;

        // Once the ring is full, the slot after the newest holds the oldest.
        var oldest = _ring[_taken < _ring.Length ? 0 : (int)(_taken % _ring.Length)];
        var rates = Compare(oldest, _ring[slot]);
        Volatile.Write(ref _rates, rates);
        return rates;
    }

    private TrafficRates Compare(in Sample from, in Sample to)
    {
        var seconds = (to.At - from.At).TotalSeconds;
        if (seconds <= 0)
        {
            return TrafficRates.None with { Totals = to.Totals };
        }

        // Totals fall when an endpoint is removed with its share; such a window shows too low a rate, but never a negative one.
        for (var i = 0; i < _recent.Length; i++)
        {
            _recent[i] = Math.Max(0, to.Latencies![i] - from.Latencies![i]);
        }

        return new(
            to.At - from.At,
            Math.Max(0, to.Totals.Count - from.Totals.Count) / seconds,
            Math.Max(0, to.Totals.Errors - from.Totals.Errors) / seconds,
            Math.Max(0, to.Totals.Retries - from.Totals.Retries) / seconds,
            LatencyHistogram.Quantile(_recent, 0.5),
            LatencyHistogram.Quantile(_recent, 0.99),
            to.Totals)
        {
            Answers = to.Totals.Answers.PerSecondSince(from.Totals.Answers, seconds),
        };
    }

    private readonly record struct Sample(TimeSpan At, TrafficTotals Totals, long[]? Latencies);
}
