using Gateway.Core.Outcomes;

namespace Gateway.Core.Breaking;

/// <summary>
/// The breaker of one endpoint in 64 bits, with its pure transitions:
/// <code>
/// Closed   --threshold consecutive failures--> Open
/// Open     --HalfOpen(), the actor's timer or a verdict--> HalfOpen
/// HalfOpen --enough successes--> Closed    --any failure--> Open
/// Open, HalfOpen --Close(), another replica's trial or an operator--> Closed
/// any      --ForceOpen(), an operator--> Open
/// </code>
/// Which trials a half-open one admits is up to its <see cref="TrialGate"/>. A closed one can be doubted, when others speak against the endpoint: if
/// it has just failed here too it opens, else one attempt at a time is let through, until one of those has succeeded.
/// Each change of phase begins a new epoch, and an outcome from another epoch changes nothing: a straggler from before the
/// trip is no trial, and a trial given up for lost cannot close anything later. Epochs never go back (they wrap after 2^32).
/// Bits: epoch 32, phase 2, gate 2, count 14 (consecutive failures while Closed, successes while HalfOpen), permits taken 14.
/// </summary>
public readonly record struct BreakerWord(ulong Bits)
{
    /// <summary>The largest count that 14 bits hold.</summary>
    public const int MaxCount = (1 << CountBits) - 1;

    private const int CountBits = 14;

    /// <summary>Phase and gate.</summary>
    private const ulong StateBits = 0xFUL << 28;

    public static BreakerWord Initial => default;

    public uint Epoch => (uint)(Bits >> 32);

    public BreakerPhase Phase => (BreakerPhase)((Bits >> 30) & 3);

    /// <summary>Free unless HalfOpen, or Closed and doubted: then Granted.</summary>
    public TrialGate Gate => (TrialGate)((Bits >> 28) & 3);

    /// <summary>Consecutive failures; 0 unless Closed.</summary>
    public int Failures => Phase == BreakerPhase.Closed ? Count : 0;

    /// <summary>Successful trials in a row; 0 unless HalfOpen.</summary>
    public int Successes => Phase == BreakerPhase.HalfOpen ? Count : 0;

    /// <summary>Permits taken and not yet reported; 0 unless HalfOpen.</summary>
    public int Trials => Phase == BreakerPhase.HalfOpen ? Taken : 0;

    /// <summary>Whether attempts go through as they come: Closed, and not doubted.</summary>
    public bool IsTrusted => (Bits & StateBits) == 0;

    /// <summary>Whether it is closed, and yet lets only one attempt at a time through.</summary>
    public bool IsDoubted => Phase == BreakerPhase.Closed && Gate == TrialGate.Granted;

    /// <summary>Whether the next attempt could get through.</summary>
    public bool Admits(BreakerPolicy policy) => Phase switch
    {
        BreakerPhase.Open => false,
        _ => IsTrusted || Taken < Permits(policy),
    };

    private int Count => (int)((Bits >> CountBits) & MaxCount);

    private int Taken => (int)(Bits & MaxCount);

    public override string ToString() => $"{Phase} epoch {Epoch}, gate {Gate}, count {Count}, taken {Taken}";

    /// <summary>Takes a permit, where attempts need one: false when all are out, and when none is needed.</summary>
    public bool TryTakeTrial(BreakerPolicy policy, out BreakerWord next)
    {
        var taken = !IsTrusted && Admits(policy);
        next = taken ? With(Count, Taken + 1) : this;
        return taken;
    }

    /// <summary>
    /// Others speak against the endpoint: one failure is enough now, so that a closed breaker whose last attempt failed trips. Else it lets one
    /// attempt at a time through, until one has succeeded.
    /// </summary>
    public (BreakerWord Next, BreakerEdge Edge) Doubt() => IsTrusted switch
    {
        true when Count > 0 => (Enter(BreakerPhase.Open), BreakerEdge.TrippedInDoubt),
        true => (At(TrialGate.Granted), BreakerEdge.None),
        false => (this, BreakerEdge.None),
    };

    /// <summary>They do no longer.</summary>
    public BreakerWord Trust() => IsDoubted ? At(TrialGate.Free) : this;

    /// <summary>A request would be a trial if the gate let it.</summary>
    public BreakerWord Want() => Phase == BreakerPhase.HalfOpen && Gate == TrialGate.Shut ? At(TrialGate.Wanted) : this;

    /// <summary>Trials of <paramref name="epoch"/> may be sent.</summary>
    /// <param name="gate">Which: Granted or Free.</param>
    public BreakerWord Permit(uint epoch, TrialGate gate) =>
        Phase == BreakerPhase.HalfOpen && Epoch == epoch && Gate is TrialGate.Shut or TrialGate.Wanted ? At(gate) : this;

    /// <summary>Takes back the grant, if none is out.</summary>
    public BreakerWord Withdraw(uint epoch) => Phase == BreakerPhase.HalfOpen && Epoch == epoch && Gate == TrialGate.Granted && Taken == 0 ? At(TrialGate.Shut) : this;

    /// <summary>Takes in the outcome of an attempt that was picked in <paramref name="epoch"/>.</summary>
    /// <param name="trial">Whether the attempt held a permit.</param>
    public (BreakerWord Next, BreakerEdge Edge) Complete(uint epoch, bool trial, Outcome outcome, BreakerPolicy policy) =>
        (Phase, outcome) switch
        {
            _ when epoch != Epoch => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) when Count == 0 && !trial => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) => Clear(trial),
            (BreakerPhase.Closed, Outcome.Failure) => Fail(trial, policy),
            (BreakerPhase.Closed, Outcome.Ignored) when trial => (With(Count, Taken - 1), BreakerEdge.None),
            (BreakerPhase.HalfOpen, Outcome.Failure) => (Enter(BreakerPhase.Open), BreakerEdge.TrialFailed),
            (BreakerPhase.HalfOpen, Outcome.Success) when trial => Succeed(policy),
            (BreakerPhase.HalfOpen, Outcome.Ignored) when trial => (With(Count, Taken - 1), BreakerEdge.TrialEnded),
            _ => (this, BreakerEdge.None),
        };

    /// <summary>Closed to Open by other evidence than consecutive failures (a failure rate, an operator).</summary>
    public BreakerWord Trip() => Phase == BreakerPhase.Closed ? Enter(BreakerPhase.Open) : this;

    /// <summary>To Open from wherever it is, because an operator says so.</summary>
    public BreakerWord ForceOpen() => Phase == BreakerPhase.Open ? this : Enter(BreakerPhase.Open);

    /// <summary>Open to HalfOpen, no trial out.</summary>
    public BreakerWord HalfOpen(TrialGate gate = TrialGate.Free) =>
        Phase == BreakerPhase.Open ? Enter(BreakerPhase.HalfOpen, gate) : this;

    /// <summary>To Closed by other evidence than a trial of its own, and doubted until it has its own.</summary>
    public BreakerWord Close() => Phase == BreakerPhase.Closed ? this : Enter(BreakerPhase.Closed, TrialGate.Granted);

    /// <summary>
    /// Gives up the trials of <paramref name="epoch"/> that never reported: all permits are free again, in a new epoch. One that was
    /// granted is no longer.
    /// </summary>
    public BreakerWord ExpireTrials(uint epoch) =>
        Phase == BreakerPhase.HalfOpen && Epoch == epoch && Trials > 0
            ? Enter(BreakerPhase.HalfOpen, Gate == TrialGate.Granted ? TrialGate.Shut : Gate)
            : this;

    private int Permits(BreakerPolicy policy) => Gate switch
    {
        TrialGate.Free => policy.HalfOpenMaxCalls,
        TrialGate.Granted => 1,
        _ => 0,
    };

    /// <summary>Only an attempt that was let through while doubted ends the doubt: the others began before.</summary>
    private (BreakerWord, BreakerEdge) Clear(bool trial) => (
        Of(Epoch, Phase, trial ? TrialGate.Free : Gate, 0, Left(trial)), Count == 0 ? BreakerEdge.None : BreakerEdge.FailuresCleared);

    private (BreakerWord, BreakerEdge) Fail(bool trial, BreakerPolicy policy) =>
        Count + 1 >= policy.Threshold
            ? (Enter(BreakerPhase.Open), BreakerEdge.Tripped)
            : (With(Count + 1, Left(trial)), Count == 0 ? BreakerEdge.FirstFailure : BreakerEdge.None);

    private int Left(bool trial) => trial ? Taken - 1 : Taken;

    private (BreakerWord, BreakerEdge) Succeed(BreakerPolicy policy) =>
        Count + 1 >= policy.HalfOpenSuccesses
            ? (Enter(BreakerPhase.Closed), BreakerEdge.Recovered)
            : (With(Count + 1, Taken - 1), BreakerEdge.TrialEnded);

    private BreakerWord With(int count, int taken) => Of(Epoch, Phase, Gate, count, taken);

    private BreakerWord At(TrialGate gate) => Of(Epoch, Phase, gate, Count, Taken);

    private BreakerWord Enter(BreakerPhase phase, TrialGate gate = TrialGate.Free) => Of(unchecked(Epoch + 1), phase, gate, 0, 0);

    private static BreakerWord Of(uint epoch, BreakerPhase phase, TrialGate gate, int count, int taken) =>
        new(((ulong)epoch << 32) | ((ulong)phase << 30) | ((ulong)gate << 28) | ((ulong)count << CountBits) | (uint)taken);
}
