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
/// <see cref="TrialGate"/> decides which trials a half-open breaker admits. A closed breaker can be doubted, when other replicas report the endpoint or
/// when it closed on another replica's result:
/// <code>
/// Trusted --Doubt(), its last two attempts had failed--> Open
/// Trusted --Doubt()--> Doubted --failure--> Open
///                      Doubted --success--> Proving --two more successes in a row--> Trusted
///                         ^-----failure--------'
/// </code>
/// While Doubted, one attempt at a time is admitted; while Proving, all are. So it takes one failure before the first success, or two in a row after
/// it. Attempts already in flight when the doubt began cannot end it; two of them that fail in a row open it too. If one of them were enough,
/// an endpoint that fails one request in a hundred would trip on most of fifty replicas, one after the other.
/// Each change of phase begins a new epoch, and an outcome from another epoch changes nothing: a straggler from before the
/// trip is not a trial, and a trial given up as lost cannot close anything later. Epochs never decrease (they wrap after 2^32).
/// Bits: epoch 32, phase 2, gate 2 (while Closed: <see cref="BreakerTrust"/>), count 14 (consecutive failures while Trusted or Doubted, successes while
/// Proving or HalfOpen), permits taken 14.
/// </summary>
public readonly record struct BreakerWord(ulong Bits)
{
    /// <summary>The largest count that 14 bits hold.</summary>
    public const int MaxCount = (1 << CountBits) - 1;

    /// <summary>Consecutive successes that end a doubt.</summary>
    public const int Proof = 3;

    /// <summary>Consecutive failures that trip the breaker of a reported endpoint, whenever the attempts began.</summary>
    public const int Confirmation = 2;

    private const int CountBits = 14;

    /// <summary>The phase and the upper bit of the gate: zero while Trusted or Proving.</summary>
    private const ulong RestrictedBits = 0xEUL << 28;

    public static BreakerWord Initial => default;

    public uint Epoch => (uint)(Bits >> 32);

    public BreakerPhase Phase => (BreakerPhase)((Bits >> 30) & 3);

    /// <summary>Free unless HalfOpen.</summary>
    public TrialGate Gate => Phase == BreakerPhase.HalfOpen ? (TrialGate)GateBits : TrialGate.Free;

    /// <summary>Trusted unless Closed.</summary>
    public BreakerTrust Trust => Phase == BreakerPhase.Closed ? (BreakerTrust)GateBits : BreakerTrust.Trusted;

    /// <summary>Consecutive failures; 0 unless Closed.</summary>
    public int Failures => Phase == BreakerPhase.Closed && Trust != BreakerTrust.Proving ? Count : 0;

    /// <summary>Successful trials in a row; 0 unless HalfOpen.</summary>
    public int Successes => Phase == BreakerPhase.HalfOpen ? Count : 0;

    /// <summary>Permits taken and not yet reported; 0 unless HalfOpen.</summary>
    public int Trials => Phase == BreakerPhase.HalfOpen ? Taken : 0;

    /// <summary>Whether all attempts are admitted: Closed, and not doubted.</summary>
    public bool AdmitsAll => (Bits & RestrictedBits) == 0;

    /// <summary>Whether it is closed and trusted: only the policy's threshold opens it.</summary>
    public bool IsTrusted => Phase == BreakerPhase.Closed && Trust == BreakerTrust.Trusted;

    /// <summary>Whether it is closed but admits only one attempt at a time.</summary>
    public bool IsDoubted => Phase == BreakerPhase.Closed && Trust == BreakerTrust.Doubted;

    /// <summary>Whether the next attempt could be admitted.</summary>
    public bool Admits(BreakerPolicy policy) => Phase switch
    {
        BreakerPhase.Open => false,
        _ => AdmitsAll || Taken < Permits(policy),
    };

    private int GateBits => (int)((Bits >> 28) & 3);

    private int Count => (int)((Bits >> CountBits) & MaxCount);

    private int Taken => (int)(Bits & MaxCount);

    public override string ToString() => $"{Phase} epoch {Epoch}, gate {Gate}, {Trust}, count {Count}, taken {Taken}";

    /// <summary>Takes a permit if attempts need one; false if all are taken or none is needed.</summary>
    public bool TryTakeTrial(BreakerPolicy policy, out BreakerWord next)
    {
        var taken = !AdmitsAll && Admits(policy);
        next = taken ? With(Count, Taken + 1) : this;
        return taken;
    }

    /// <summary>
    /// Handles bad reports from others: a closed breaker whose last attempts failed trips; otherwise it admits one attempt at a time until one has
    /// succeeded. A further report restarts the proof.
    /// </summary>
    public (BreakerWord Next, BreakerEdge Edge) Doubt() => (Phase, Trust) switch
    {
        (BreakerPhase.Closed, BreakerTrust.Trusted) when Count >= Confirmation => (Enter(BreakerPhase.Open), BreakerEdge.TrippedInDoubt),
        (BreakerPhase.Closed, BreakerTrust.Trusted) => (At(BreakerTrust.Doubted, Count, Taken), BreakerEdge.None),
        (BreakerPhase.Closed, BreakerTrust.Proving) => (At(BreakerTrust.Doubted, 0, Taken), BreakerEdge.None),
        _ => (this, BreakerEdge.None),
    };

    /// <summary>Ends the doubt: the reports are over.</summary>
    public BreakerWord Clear() => Phase == BreakerPhase.Closed && !IsTrusted ? At(BreakerTrust.Trusted, 0, Taken) : this;

    /// <summary>Records that a request would be a trial if the gate admitted it.</summary>
    public BreakerWord Want() => Phase == BreakerPhase.HalfOpen && Gate == TrialGate.Shut ? At(TrialGate.Wanted) : this;

    /// <summary>Admits trials of <paramref name="epoch"/>.</summary>
    /// <param name="gate">Granted or Free.</param>
    public BreakerWord Permit(uint epoch, TrialGate gate) =>
        Phase == BreakerPhase.HalfOpen && Epoch == epoch && Gate is TrialGate.Shut or TrialGate.Wanted ? At(gate) : this;

    /// <summary>Withdraws the grant if no trial is in flight.</summary>
    public BreakerWord Withdraw(uint epoch) => Phase == BreakerPhase.HalfOpen && Epoch == epoch && Gate == TrialGate.Granted && Taken == 0 ? At(TrialGate.Shut) : this;

    /// <summary>Applies the outcome of an attempt that was picked in <paramref name="epoch"/>.</summary>
    /// <param name="trial">Whether the attempt held a permit.</param>
    public (BreakerWord Next, BreakerEdge Edge) Complete(uint epoch, bool trial, Outcome outcome, BreakerPolicy policy) =>
        (Phase, outcome) switch
        {
            _ when epoch != Epoch => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) when Count == 0 && !trial => (this, BreakerEdge.None),
            (BreakerPhase.Closed, Outcome.Success) => Pass(trial),
            (BreakerPhase.Closed, Outcome.Failure) => Fail(trial, policy),
            (BreakerPhase.Closed, Outcome.Ignored) when trial => (With(Count, Taken - 1), BreakerEdge.None),
            (BreakerPhase.HalfOpen, Outcome.Failure) => (Enter(BreakerPhase.Open), BreakerEdge.TrialFailed),
            (BreakerPhase.HalfOpen, Outcome.Success) when trial => Succeed(policy),
            (BreakerPhase.HalfOpen, Outcome.Ignored) when trial => (With(Count, Taken - 1), BreakerEdge.TrialEnded),
            _ => (this, BreakerEdge.None),
        };

    /// <summary>Closed to Open on evidence other than consecutive failures (a failure rate, an operator).</summary>
    public BreakerWord Trip() => Phase == BreakerPhase.Closed ? Enter(BreakerPhase.Open) : this;

    /// <summary>To Open from any phase, by an operator.</summary>
    public BreakerWord ForceOpen() => Phase == BreakerPhase.Open ? this : Enter(BreakerPhase.Open);

    /// <summary>Open to HalfOpen, with no trial in flight.</summary>
    public BreakerWord HalfOpen(TrialGate gate = TrialGate.Free) =>
        Phase == BreakerPhase.Open ? Enter(BreakerPhase.HalfOpen, (int)gate) : this;

    /// <summary>To Closed on evidence other than a trial of its own; doubted until it has its own.</summary>
    public BreakerWord Close() => Phase == BreakerPhase.Closed ? this : Enter(BreakerPhase.Closed, (int)BreakerTrust.Doubted);

    /// <summary>
    /// Releases the permits of trials of <paramref name="epoch"/> that never reported, in a new epoch. A grant
    /// is withdrawn too.
    /// </summary>
    public BreakerWord ExpireTrials(uint epoch) =>
        Phase == BreakerPhase.HalfOpen && Epoch == epoch && Trials > 0
            ? Enter(BreakerPhase.HalfOpen, (int)(Gate == TrialGate.Granted ? TrialGate.Shut : Gate))
            : this;

    private int Permits(BreakerPolicy policy) => IsDoubted ? 1 : Gate switch
    {
        TrialGate.Free => policy.HalfOpenMaxCalls,
        TrialGate.Granted => 1,
        _ => 0,
    };

    /// <summary>Applies a success while closed. Only an attempt admitted while doubted starts the proof: the others began earlier.</summary>
    private (BreakerWord, BreakerEdge) Pass(bool trial) => Trust switch
    {
        BreakerTrust.Trusted => (With(0, Left(trial)), Count == 0 ? BreakerEdge.None : BreakerEdge.FailuresCleared),
        BreakerTrust.Doubted when !trial => (With(0, Taken), BreakerEdge.None),
        BreakerTrust.Doubted => (At(BreakerTrust.Proving, 1, Left(trial)), BreakerEdge.None),
        _ when Count + 1 >= Proof => (At(BreakerTrust.Trusted, 0, Left(trial)), BreakerEdge.Proven),
        _ => (With(Count + 1, Left(trial)), BreakerEdge.None),
    };

    private (BreakerWord, BreakerEdge) Fail(bool trial, BreakerPolicy policy) => Trust switch
    {
        BreakerTrust.Trusted when Count + 1 < policy.Threshold =>
            (With(Count + 1, Left(trial)), Count == 0 ? BreakerEdge.FirstFailure : BreakerEdge.None),
        BreakerTrust.Trusted => (Enter(BreakerPhase.Open), BreakerEdge.Tripped),
        _ when policy.Threshold == 1 => (Enter(BreakerPhase.Open), BreakerEdge.Tripped),
        BreakerTrust.Proving => (At(BreakerTrust.Doubted, 1, Left(trial)), BreakerEdge.FirstFailure),
        _ when trial || Count + 1 >= Confirmation => (Enter(BreakerPhase.Open), BreakerEdge.TrippedInDoubt),
        _ => (With(Count + 1, Taken), BreakerEdge.FirstFailure),
    };

    private int Left(bool trial) => trial ? Taken - 1 : Taken;

    private (BreakerWord, BreakerEdge) Succeed(BreakerPolicy policy) =>
        Count + 1 >= policy.HalfOpenSuccesses
            ? (Enter(BreakerPhase.Closed), BreakerEdge.Recovered)
            : (With(Count + 1, Taken - 1), BreakerEdge.TrialEnded);

    private BreakerWord With(int count, int taken) => Of(Epoch, Phase, GateBits, count, taken);

    private BreakerWord At(TrialGate gate) => Of(Epoch, Phase, (int)gate, Count, Taken);

    private BreakerWord At(BreakerTrust trust, int count, int taken) => Of(Epoch, BreakerPhase.Closed, (int)trust, count, taken);

    private BreakerWord Enter(BreakerPhase phase, int gate = 0) => Of(unchecked(Epoch + 1), phase, gate, 0, 0);

    private static BreakerWord Of(uint epoch, BreakerPhase phase, int gate, int count, int taken) =>
        new(((ulong)epoch << 32) | ((ulong)phase << 30) | ((ulong)gate << 28) | ((ulong)count << CountBits) | (uint)taken);
}

/// <summary>The trust in a closed breaker. The values share the bits of the gate: the upper one restricts attempts.</summary>
public enum BreakerTrust
{
    /// <summary>Only the policy's threshold opens it.</summary>
    Trusted = 0,

    /// <summary>One success since it was doubted: attempts are admitted, and the next failure makes it doubted again.</summary>
    Proving = 1,

    /// <summary>One attempt at a time, and a failure opens it.</summary>
    Doubted = 3,
}
