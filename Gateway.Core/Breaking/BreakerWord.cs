using Gateway.Core.Outcomes;

namespace Gateway.Core.Breaking;

/// <summary>
/// The breaker of one endpoint in 64 bits, with its pure transitions:
/// <code>
/// Closed   --threshold consecutive failures--> Open
/// Open     --HalfOpen(), the actor's timer or a verdict--> HalfOpen
/// HalfOpen --enough successes--> Closed    --any failure--> Open
/// </code>
/// Each change of phase begins a new epoch, and an outcome from another epoch changes nothing: a straggler from before the
/// trip is no trial, and a trial given up for lost cannot close anything later. Epochs never go back (they wrap after 2^32).
/// Bits: epoch 32, phase 2, count 15 (consecutive failures while Closed, successes while HalfOpen), trials out 15.
/// </summary>
public readonly record struct BreakerWord(ulong Bits)
{
    /// <summary>The largest count that 15 bits hold.</summary>
    public const int MaxCount = (1 << 15) - 1;

    public static BreakerWord Initial => default;

    public uint Epoch => (uint)(Bits >> 32);

    public BreakerPhase Phase => (BreakerPhase)((Bits >> 30) & 3);

    /// <summary>Consecutive failures; 0 unless Closed.</summary>
    public int Failures => Phase == BreakerPhase.Closed ? Count : 0;

    /// <summary>Successful trials in a row; 0 unless HalfOpen.</summary>
    public int Successes => Phase == BreakerPhase.HalfOpen ? Count : 0;

    /// <summary>Permits taken and not yet reported; 0 unless HalfOpen.</summary>
    public int Trials => (int)(Bits & MaxCount);

    /// <summary>Whether the next attempt could get through.</summary>
    public bool Admits(BreakerPolicy policy) => Phase switch
    {
        BreakerPhase.Closed => true,
        BreakerPhase.HalfOpen => Trials < policy.HalfOpenMaxCalls,
        _ => false,
    };

    private int Count => (int)((Bits >> 15) & MaxCount);

    public override string ToString() => $"{Phase} epoch {Epoch}, count {Count}, trials {Trials}";

    /// <summary>Takes a permit of the half-open breaker; false when it is not half-open or all are out.</summary>
    public bool TryTakeTrial(BreakerPolicy policy, out BreakerWord next)
    {
        var taken = Phase == BreakerPhase.HalfOpen && Trials < policy.HalfOpenMaxCalls;
        next = taken ? Of(Epoch, Phase, Count, Trials + 1) : this;
        return taken;
    }

    /// <summary>Takes in the outcome of an attempt that was picked in <paramref name="epoch"/>.</summary>
    /// <param name="trial">Whether the attempt held a permit.</param>
    public (BreakerWord Next, BreakerEdge Edge) Complete(uint epoch, bool trial, Outcome outcome, BreakerPolicy policy) =>
        (Phase, outcome) switch
        {
            _ when epoch != Epoch => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) when Count == 0 => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) => (Of(Epoch, Phase, 0, 0), BreakerEdge.FailuresCleared),
            (BreakerPhase.Closed, Outcome.Failure) => Fail(policy),
            (BreakerPhase.HalfOpen, Outcome.Failure) => (Enter(BreakerPhase.Open), BreakerEdge.TrialFailed),
            (BreakerPhase.HalfOpen, Outcome.Success) when trial => Succeed(policy),
            (BreakerPhase.HalfOpen, Outcome.Ignored) when trial => (Of(Epoch, Phase, Count, Trials - 1), BreakerEdge.TrialEnded),
            _ => (this, BreakerEdge.None),
        };

    /// <summary>Closed to Open by other evidence than consecutive failures (a failure rate, an operator).</summary>
    public BreakerWord Trip() => Phase == BreakerPhase.Closed ? Enter(BreakerPhase.Open) : this;

    /// <summary>Open to HalfOpen, all permits free.</summary>
    public BreakerWord HalfOpen() => Phase == BreakerPhase.Open ? Enter(BreakerPhase.HalfOpen) : this;

    /// <summary>Gives up the trials of <paramref name="epoch"/> that never reported: all permits are free again, in a new epoch.</summary>
    public BreakerWord ExpireTrials(uint epoch) =>
        Phase == BreakerPhase.HalfOpen && Epoch == epoch && Trials > 0 ? Enter(BreakerPhase.HalfOpen) : this;

    private (BreakerWord, BreakerEdge) Fail(BreakerPolicy policy) =>
        Count + 1 >= policy.Threshold
            ? (Enter(BreakerPhase.Open), BreakerEdge.Tripped)
            : (Of(Epoch, Phase, Count + 1, 0), Count == 0 ? BreakerEdge.FirstFailure : BreakerEdge.None);

    private (BreakerWord, BreakerEdge) Succeed(BreakerPolicy policy) =>
        Count + 1 >= policy.HalfOpenSuccesses
            ? (Enter(BreakerPhase.Closed), BreakerEdge.Recovered)
            : (Of(Epoch, Phase, Count + 1, Trials - 1), BreakerEdge.TrialEnded);

    private BreakerWord Enter(BreakerPhase phase) => Of(unchecked(Epoch + 1), phase, 0, 0);

    private static BreakerWord Of(uint epoch, BreakerPhase phase, int count, int trials) =>
        new(((ulong)epoch << 32) | ((ulong)phase << 30) | ((ulong)count << 15) | (uint)trials);
}
