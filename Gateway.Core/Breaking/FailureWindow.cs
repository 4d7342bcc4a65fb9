using System.Collections.Immutable;

namespace Gateway.Core.Breaking;

/// <summary>
/// The failure rate of an endpoint over a sliding window, from samples of its running totals (one a second): the totals are compared with
/// the oldest sample in the window.
/// </summary>
public sealed record FailureWindow
{
    public static FailureWindow Empty { get; } = new();

    private ImmutableQueue<Sample> Samples { get; init; } = [];

    /// <summary>Adds a sample and drops those that left the window, except the newest of them, where the window begins.</summary>
    public FailureWindow Observe(long successes, long failures, TimeSpan now, BreakerPolicy policy)
    {
        var samples = Samples.Enqueue(new(now, successes, failures));
        while (samples.Dequeue() is { IsEmpty: false } rest && rest.Peek().At <= now - policy.FailureRateWindow)
        {
            samples = rest;
        }

        return new() { Samples = samples };
    }

    /// <summary>Whether the newest totals reach the policy's failure rate, with enough outcomes.</summary>
    public bool Exceeds(long successes, long failures, BreakerPolicy policy)
    {
        if (policy.FailureRatePercent is not { } percent || Samples.IsEmpty)
        {
            return false;
        }

        var start = Samples.Peek();
        var failed = failures - start.Failures;
        var total = successes - start.Successes + failed;
        return total >= policy.FailureRateMinimum && failed * 100.0 >= total * percent;
    }

    private readonly record struct Sample(TimeSpan At, long Successes, long Failures);
}
