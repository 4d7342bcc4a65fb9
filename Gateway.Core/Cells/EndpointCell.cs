using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>
/// What requests change in place at one endpoint: attempts in flight, the breaker's word, the latency memory. Every change
/// is one atomic step of a pure transition; whatever takes time or words is the endpoint actor's, which hears of edges only.
/// The router creates the cell, so it outlives a restart of the actor.
/// </summary>
/// <param name="maxInFlight">Attempts at once that find room.</param>
/// <param name="maxQueued">Attempts beyond them that may wait for it.</param>
public sealed class EndpointCell(EndpointId id, BreakerPolicy policy, int maxInFlight, int maxQueued = 0)
{
    /// <summary>An attempt begun, and in flight: one more in either half of the word.</summary>
    private const long One = (1L << 32) + 1;

    private static readonly TimeSpan RememberInterval = TimeSpan.FromSeconds(1);

    private Hot _hot;
    private BreakerPolicy _policy = policy;
    private IEndpointSignals _signals = IEndpointSignals.None;
    private int _maxInFlight = maxInFlight;
    private int _maxQueued = maxQueued;
    private FailedAttempt? _lastFailure;

    public EndpointId Id { get; } = id;

    /// <summary>Attempts begun and not yet released, those that wait for room among them.</summary>
    public int InFlight => (int)(uint)Volatile.Read(ref _hot.Begun);

    /// <summary>
    /// Attempts begun whose head has not come and which have not ended without one: what waits. Read beside requests, so that it can be one too many or too few for a moment; a
    /// body that is streamed does not wait.
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

    /// <summary>Goes up with every answer: at its head, whatever it says, and again at the success that it comes to.</summary>
    public long Answers => Successes + Volatile.Read(ref _hot.Heads);

    /// <summary>Attempts ever reported as a success.</summary>
    public long Successes => Volatile.Read(ref _hot.Successes);

    /// <summary>Attempts ever reported as a failure.</summary>
    public long Failures => Volatile.Read(ref _hot.Failures);

    /// <summary>The last attempt that was remembered as a failure; null: there was none.</summary>
    public FailedAttempt? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Applies new settings; counts, phase, epoch and latency stay.</summary>
    public void Configure(BreakerPolicy breaker, int maxInFlight, int maxQueued = 0)
    {
        Volatile.Write(ref _policy, breaker);
        Volatile.Write(ref _maxInFlight, maxInFlight);
        Volatile.Write(ref _maxQueued, maxQueued);
    }

    /// <summary>Says who hears of edges from now on.</summary>
    public void Attach(IEndpointSignals signals) => Volatile.Write(ref _signals, signals);

    /// <summary>Takes the right to send one attempt, or says why not.</summary>
    /// <param name="panic">Lease even where the breaker refuses; such a lease is of no epoch and cannot move the breaker.</param>
    /// <param name="queue">Lease also where there is no room, as long as there is some to wait in.</param>
    /// <param name="insist">Lease also beyond the one attempt that a doubted endpoint is given: no other has room.</param>
    /// <param name="most">Lease only if no more than so many are in flight with it.</param>
    public Admission TryLease(bool panic, out Lease lease, bool queue = false, bool insist = false, int most = int.MaxValue)
    {
        if ((int)(uint)Interlocked.Add(ref _hot.Begun, One) > Math.Min(Room(queue), most))
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
            return Exceed(word, insist || panic, out lease);
        }

        if (panic)
        {
            lease = new Lease(this, unchecked(word.Epoch - 1), trial: false);
            return Admission.Granted;
        }

        WantTrial(word);
        GiveBack();
        lease = default;
        return Admission.Refused;
    }

    /// <summary>How many attempts it takes at once, with those that may wait if they may.</summary>
    /// <summary>How many attempts at once find room, those that wait left out.</summary>
    public int MaxInFlight => Room(queue: false);

    internal int Room(bool queue) => Volatile.Read(ref _maxInFlight) + (queue ? Volatile.Read(ref _maxQueued) : 0);

    /// <summary>Makes a closed breaker doubted, as the endpoint actor does when the endpoint becomes suspect; or ends that, whatever was proven.</summary>
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

    /// <summary>Applies a transition that the endpoint actor decided on in an epoch; answers the word it left.</summary>
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

    /// <summary>Takes a sample into the latency memory.</summary>
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
    /// Keeps how an attempt failed, for people; said before the lease reports it, so that whoever hears of the edge finds it here. Of failures alike
    /// one a second is kept: a storm of them costs nothing.
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

    /// <summary>The head of an answer has come, whose attempt is not reported yet.</summary>
    internal void CountHead() => Interlocked.Increment(ref _hot.Heads);

    /// <summary>Such an attempt is reported now.</summary>
    internal void CountHeadEnd() => Interlocked.Increment(ref _hot.HeadEnds);

    /// <summary>One more attempt than a doubted endpoint is given.</summary>
    private Admission Exceed(BreakerWord word, bool insist, out Lease lease)
    {
        lease = insist ? new Lease(this, word.Epoch, trial: false) : default;
        if (!insist)
        {
            GiveBack();
        }

        return insist ? Admission.Granted : Admission.Full;
    }

    /// <summary>An attempt was not begun after all.</summary>
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

    /// <summary>Makes known that a request would be a trial, if nobody has before.</summary>
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

    /// <summary>Padded to cache lines of its own, so that busy endpoints do not slow each other down.</summary>
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
