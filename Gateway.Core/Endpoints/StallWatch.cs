namespace Gateway.Core.Endpoints;

/// <summary>
/// Detects a stalled endpoint: some attempt has waited for at least its timeout, and no answer has come meanwhile.
/// Based on periodic samples of the cell's counts, at no cost to requests:
/// <code>
/// something waits at every sample, and nothing is answered, for as long as the timeout --> stalled --an answer--> not stalled
/// </code>
/// Sums up samples instead of using the clock: if this process pauses for ten seconds, that is two samples and no reason to blame an endpoint.
/// </summary>
/// <param name="Successes">The cell's answers at the last sample: heads, and successes at the end of their bodies.</param>
/// <param name="Waits">Whether an attempt was waiting at the last sample.</param>
/// <param name="Quiet">How long attempts have waited since then, by samples, without an answer.</param>
/// <param name="Stalled">Whether the endpoint is stalled.</param>
public readonly record struct StallWatch(long Successes, bool Waits, TimeSpan Quiet, bool Stalled)
{
    /// <summary>The time between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The minimum timeout.</summary>
    public static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The multiple of the endpoint's own 99th percentile that counts as abnormal.</summary>
    public const int TimeoutFactor = 3;

    /// <summary>Returns how long all attempts may wait: three times its own 99th percentile, at least one second. 700 ms gives 2.1 s.</summary>
    /// <param name="tail">Its 99th percentile to the head of an answer; null if there were no recent answers.</param>
    public static TimeSpan TimeoutFor(TimeSpan? tail) => tail * TimeoutFactor is { } timeout && timeout > MinTimeout ? timeout : MinTimeout;

    /// <summary>Adds a sample.</summary>
    /// <param name="successes">The cell's answers now.</param>
    /// <param name="waiting">Attempts begun without a head.</param>
    /// <param name="since">The time since the last sample; time beyond two intervals is ignored.</param>
    public StallWatch Add(long successes, int waiting, TimeSpan since, TimeSpan timeout)
    {
        var answered = successes != Successes;
        var quiet = answered || !Waits || waiting == 0 ? TimeSpan.Zero : Quiet + (since < 2 * Interval ? since : 2 * Interval);
        return new(successes, waiting > 0, quiet, !answered && (Stalled || quiet >= timeout));
    }
}
