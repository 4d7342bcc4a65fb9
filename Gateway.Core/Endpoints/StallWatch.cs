namespace Gateway.Core.Endpoints;

/// <summary>
/// Whether an endpoint leaves all that is sent to it waiting: something has waited for at least its patience, and nothing has been answered meanwhile.
/// Made of periodic looks at the cell's counts, so that requests pay nothing for it:
/// <code>
/// something waits at every look, and nothing is answered, for as long as the patience --> stalled --an answer--> not stalled
/// </code>
/// By the sum of looks and not by the clock: when this process did not run for ten seconds, that is two looks and no reason to blame anybody.
/// </summary>
/// <param name="Successes">The cell's answers at the last look: heads, and successes at the end of their bodies.</param>
/// <param name="Waits">Whether something waited at the last look.</param>
/// <param name="Quiet">For how long something has waited since, at the looks, without an answer.</param>
/// <param name="Stalled">What it comes to.</param>
public readonly record struct StallWatch(long Successes, bool Waits, TimeSpan Quiet, bool Stalled)
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>No endpoint is expected to answer sooner.</summary>
    public static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    /// <summary>An answer that takes this multiple of the endpoint's own 99th percentile is out of the ordinary.</summary>
    public const int PatienceFactor = 3;

    /// <summary>How long an endpoint may leave everything waiting: three times its own 99th percentile, at least one second. 700 ms make 2.1 s.</summary>
    /// <param name="tail">Its 99th percentile until the head of an answer; null: nothing was answered lately.</param>
    public static TimeSpan PatienceWith(TimeSpan? tail) => tail * PatienceFactor is { } patience && patience > LeastPatience ? patience : LeastPatience;

    /// <summary>One more look.</summary>
    /// <param name="successes">The cell's answers now.</param>
    /// <param name="waiting">Attempts begun without a head.</param>
    /// <param name="since">The time since the last look; what is beyond two intervals does not count.</param>
    public StallWatch Look(long successes, int waiting, TimeSpan since, TimeSpan patience)
    {
        var answered = successes != Successes;
        var quiet = answered || !Waits || waiting == 0 ? TimeSpan.Zero : Quiet + (since < 2 * Interval ? since : 2 * Interval);
        return new(successes, waiting > 0, quiet, !answered && (Stalled || quiet >= patience));
    }
}
