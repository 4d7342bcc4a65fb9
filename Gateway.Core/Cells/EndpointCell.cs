using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>
/// The state of one endpoint that requests change in place: attempts in flight, the breaker's word, the latency memory. Every change
/// is one atomic step of a pure transition. Slower work is done by the endpoint actor, which is notified of edges only.
/// The router creates the cell, so it outlives a restart of the actor.
/// </summary>
/// <param name="maxInFlight">The maximum number of concurrent attempts.</param>
/// <param name="maxQueued">The maximum number of attempts that may wait beyond those.</param>
public sealed class EndpointCell(EndpointId id, BreakerPolicy policy, int maxInFlight, int maxQueued = 0)
{
    /// <summary>One attempt begun and in flight: adds one to either half of the word.</summary>
    private const long One = (1L << 32) + 1;

    private static readonly TimeSpan RememberInterval = TimeSpan.FromSeconds(1);

    private Hot _hot;
    private BreakerPolicy _policy = policy;
    private IEndpointSignals _signals = IEndpointSignals.None;
    private int _maxInFlight = maxInFlight;
    private int _maxQueued = maxQueued;
    private FailedAttempt? _lastFailure;

    public EndpointId Id { get; } = id;

    /// <summary>Attempts begun and not yet released, waiting ones included.</summary>
    public int InFlight => (int)(uint)Volatile.Read(ref _hot.Begun);

    /// <summary>
    /// Attempts still waiting for their head: begun, and not ended without one. Read without synchronization, so it can be off by one for a moment. A streaming
    /// body does not count as waiting.
    /// </summary>
    public int Waiting
    {
        get
        {
            var ended = Successes + Failures + Volatile.Read(ref _hot.Ignored) + Volatile.Read(ref _hot.Heads) - Volatile.Read(ref _hot.HeadEnds);
            return Math.Max(0, unchecked((int)((uint)((ulong)Volatile.Read(ref _hot.Begun) >> 32) - (uint)ended)));
        }
    }

    public BreakerWord Breaker => new(Volatile.Read(ref _hot.Breaker));

    public LatencyWord Latency => new(Volatile.Read(ref _hot.Latency));

    /// <summary>Increases with every answer: at its head, whatever the status, and again when the attempt succeeds.</summary>
    public long Answers => Successes + Volatile.Read(ref _hot.Heads);

    /// <summary>Total attempts reported as a success.</summary>
    public long Successes => Volatile.Read(ref _hot.Successes);

    /// <summary>Total attempts reported as a failure.</summary>
    public long Failures => Volatile.Read(ref _hot.Failures);

    /// <summary>The last failed attempt recorded; null if there was none.</summary>
    public FailedAttempt? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Applies new settings; counts, phase, epoch and latency are kept.</summary>
    public void Configure(BreakerPolicy breaker, int maxInFlight, int maxQueued = 0)
    {
        Volatile.Write(ref _policy, breaker);
        Volatile.Write(ref _maxInFlight, maxInFlight);
        Volatile.Write(ref _maxQueued, maxQueued);
    }

    /// <summary>Sets the receiver of edges.</summary>
    public void Attach(IEndpointSignals signals) => Volatile.Write(ref _signals, signals);

    /// <summary>Takes a lease for one attempt, or returns the reason for the refusal.</summary>
    /// <param name="max">Lease only if that leaves at most this many in flight.</param>
    public Admission TryLease(out Lease lease, LeaseOptions options = LeaseOptions.None, int max = int.MaxValue)
    {
        if ((int)(uint)Interlocked.Add(ref _hot.Begun, One) > Math.Min(Room(options), max))
        {
            GiveBack();
            lease = default;
            return Admission.Full;
        }

        var word = Breaker;
        if (word.AdmitsAll || TryTakeTrial(ref word))
        {
            lease = new Lease(this, word.Epoch, trial: !word.AdmitsAll);
            return Admission.Granted;
        }

        if (word.IsDoubted)
        {
            return Exceed(word, (options & (LeaseOptions.Insist | LeaseOptions.Panic)) != 0, out lease);
        }

        if ((options & LeaseOptions.Panic) != 0)
        {
            lease = new Lease(this, unchecked(word.Epoch - 1), trial: false);
            return Admission.Granted;
        }

        WantTrial(word);
        GiveBack();
        lease = default;
        return Admission.Refused;
    }

    /// <summary>The maximum number of concurrent attempts, not counting those in the queue.</summary>
    public int MaxInFlight => Volatile.Read(ref _maxInFlight);

    /// <summary>The maximum number of leases at a time: of concurrent attempts and, with <see cref="LeaseOptions.Queue"/>, of those in the queue.</summary>
    internal int Room(LeaseOptions options) => MaxInFlight + ((options & LeaseOptions.Queue) != 0 ? Volatile.Read(ref _maxQueued) : 0);

    /// <summary>Makes a closed breaker doubted when the endpoint becomes suspect, or ends the doubt, whatever was proven. For the endpoint actor.</summary>
    public void Doubt(bool on)
    {
        while (true)
        {
            var before = Breaker;
            var (after, edge) = on ? before.Doubt() : (before.Clear(), BreakerEdge.None);
            if (after == before)
            {
                return;
            }

            if (Swap(before, after))
            {
                Tell(edge, after.Epoch, FailureReason.None);
                return;
            }
        }
    }

    /// <summary>Applies a transition that the endpoint actor decided on in an epoch; returns the resulting word.</summary>
    public BreakerWord Transition(Func<BreakerWord, uint, BreakerWord> transition, uint epoch)
    {
        while (true)
        {
            var before = Breaker;
            var after = transition(before, epoch);
            if (after == before || Swap(before, after))
            {
                return after;
            }
        }
    }

    /// <summary>Adds a sample to the latency memory.</summary>
    public void Observe(TimeSpan latency, TimeSpan now)
    {
        while (true)
        {
            var before = Latency;
            var after = before.Observe(latency, now);
            if (Interlocked.CompareExchange(ref _hot.Latency, after.Bits, before.Bits) == before.Bits)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Records how an attempt failed, for display; called before the lease reports it, so that the receiver of the edge finds it here. Identical
    /// failures are recorded once a second, so a storm of them costs nothing.
    /// </summary>
    public void Remember(FailureReason reason, int status, string? detail, TimeSpan now)
    {
        if (LastFailure is { } last && last.Reason == reason && last.Status == status && now - last.At < RememberInterval)
        {
            return;
        }

        Volatile.Write(ref _lastFailure, new(reason, status, FailedAttempt.Clean(detail), now));
    }

    internal void Complete(uint epoch, bool trial, Outcome outcome, FailureReason reason)
    {
        switch (outcome)
        {
            case Outcome.Success: Interlocked.Increment(ref _hot.Successes); break;
            case Outcome.Failure: Interlocked.Increment(ref _hot.Failures); break;
            default: Interlocked.Increment(ref _hot.Ignored); break;
        }

        while (true)
        {
            var before = Breaker;
            var (after, edge) = before.Complete(epoch, trial, outcome, Volatile.Read(ref _policy));
            if (after == before)
            {
                return;
            }

            if (Swap(before, after))
            {
                Tell(edge, after.Epoch, reason);
                return;
            }
        }
    }

    internal void Release() => Interlocked.Decrement(ref _hot.Begun);

    /// <summary>Counts the head of an answer whose attempt is not reported yet.</summary>
    internal void CountHead() => Interlocked.Increment(ref _hot.Heads);

    /// <summary>Counts the report of such an attempt.</summary>
    internal void CountHeadEnd() => Interlocked.Increment(ref _hot.HeadEnds);

    /// <summary>Handles an attempt beyond the one of a doubted endpoint.</summary>
    private Admission Exceed(BreakerWord word, bool insist, out Lease lease)
    {
        lease = insist ? new Lease(this, word.Epoch, trial: false) : default;
        if (!insist)
        {
            GiveBack();
        }

        return insist ? Admission.Granted : Admission.Full;
    }

    /// <summary>Undoes the count of an attempt that was not begun.</summary>
    private void GiveBack() => Interlocked.Add(ref _hot.Begun, -One);

    private bool TryTakeTrial(ref BreakerWord word)
    {
        while (word.TryTakeTrial(Volatile.Read(ref _policy), out var after))
        {
            if (Swap(word, after))
            {
                word = after;
                if (after.Phase == BreakerPhase.HalfOpen)
                {
                    Tell(BreakerEdge.TrialTaken, after.Epoch, FailureReason.None);
                }

                return true;
            }

            word = Breaker;
        }

        return word.AdmitsAll;
    }

    /// <summary>Records that a request would be a trial, unless that is already known.</summary>
    private void WantTrial(BreakerWord word)
    {
        for (; word.Want() is var after && after != word; word = Breaker)
        {
            if (Swap(word, after))
            {
                Tell(BreakerEdge.TrialWanted, after.Epoch, FailureReason.None);
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Swap(BreakerWord before, BreakerWord after) =>
        Interlocked.CompareExchange(ref _hot.Breaker, after.Bits, before.Bits) == before.Bits;

    private void Tell(BreakerEdge edge, uint epoch, FailureReason reason)
    {
        if (edge != BreakerEdge.None)
        {
            Volatile.Read(ref _signals).Signal(edge, epoch, reason);
        }
    }

    /// <summary>Padded to its own cache lines, so that busy endpoints do not slow each other down.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Hot
    {
        [FieldOffset(64)] public ulong Breaker;
        [FieldOffset(72)] public ulong Latency;
        [FieldOffset(80)] public long Successes;
        [FieldOffset(88)] public long Failures;

        // Attempts ever begun, modulo 2^32, and those in flight: in one word, so that a lease costs one step.
        [FieldOffset(96)] public long Begun;
        [FieldOffset(104)] public long Ignored;

        // Attempts whose head came before they were reported, ever, and those of them that have been.
        [FieldOffset(112)] public long Heads;
        [FieldOffset(120)] public long HeadEnds;
    }
}
