using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Core.Endpoints;

/// <summary>
/// Derives the common consequences of every event once the status has changed: the decision by <see cref="DecisionTable"/>, the notifications,
/// and what to watch or probe next.
/// </summary>
internal static class Conclusion
{
    public static EndpointDecision Of(
        EndpointStatus before, EndpointStatus next, BreakerStep step = BreakerStep.None, params IEnumerable<EndpointEffect> effects)
    {
        var all = ImmutableArray.CreateBuilder<EndpointEffect>();
        all.AddRange(effects);
        next = LeaveToOwners(next, all);
        next = Decide(next);
        if (step == BreakerStep.None && BreakIsOver(before, next))
        {
            step = BreakerStep.HalfOpen;
        }

        if (next.HeldOpen && step is BreakerStep.HalfOpen or BreakerStep.Close)
        {
            step = BreakerStep.None;
        }

        all.AddRange(Follow(before, next));
        return new(next, step, all.ToImmutable());
    }

    /// <summary>Withdraws a verdict left over from a time when this replica had to probe, once all owners in the zone have theirs.</summary>
    private static EndpointStatus LeaveToOwners(EndpointStatus status, ImmutableArray<EndpointEffect>.Builder effects)
    {
        var verdict = status.Verdict.Verdict;
        if (verdict == Verdict.Unknown || status.Evidence.Owner || !status.Evidence.OwnersSpeak)
        {
            return status;
        }

        const string why = "probed by other replicas";
        effects.Add(new EndpointEffect.VerdictChanged(verdict, Verdict.Unknown, why));
        return status with { Verdict = VerdictState.Initial, Why = why };
    }

    private static EndpointStatus Decide(EndpointStatus status)
    {
        var (evidence, suspicion) = (status.Evidence, status.Suspicion);

        // Without probes nothing would ever end row 10, so it ends here, whatever was decided before.
        var last = status.ProbesOff ? DecisionKind.Available : status.Settled ?? DecisionKind.Available;
        var (kind, reason) = DecisionTable.Decide(new(
            status.Breaker,
            status.Observation.ProbeOpinion,
            evidence.CountInMyZone(Opinion.Bad),
            evidence.CountInMyZone(Opinion.Good),
            suspicion.Reported,
            last,
            suspicion.Stalled,
            status.Outlier.IsOut));
        var deciding = reason switch
        {
            DecisionReason.Zone => evidence.PeerObservations.Where(t => t.InMyZone && t.Opinion != Opinion.None),
            DecisionReason.Reported or DecisionReason.Unverified => evidence.PeerObservations.Where(suspicion.IsOpen),
            _ => [],
        };
        return status with
        {
            Decision = new(kind, reason, [.. deciding.Select(t => new PeerOpinion(t.Name, t.Opinion, t.Since, t.Why))]),
            Settled = reason is DecisionReason.OwnBreaker or DecisionReason.Trial or DecisionReason.Unknown or DecisionReason.Stalled or DecisionReason.Outlier
                ? status.Settled
                : kind,
        };
    }

    /// <summary>Whether an open breaker was only waiting for a verdict that prolonged its break.</summary>
    private static bool BreakIsOver(EndpointStatus before, EndpointStatus next) =>
        next is { Breaker: BreakerPhase.Open, BreakUntil: null }
        && before.Epoch == next.Epoch
        && before.RulingVerdict == Opinion.Bad
        && next.RulingVerdict != Opinion.Bad;

    private static IEnumerable<EndpointEffect> Follow(EndpointStatus before, EndpointStatus next)
    {
        if (before.Decision.Kind != next.Decision.Kind || before.Decision.Reason != next.Decision.Reason)
        {
            yield return new EndpointEffect.Decided(before.Decision, next.Decision);
        }

        var newHold = next.Suspicion.HeldUntil is { } until && before.Suspicion.HeldUntil != until;
        if (before.DoubtsTraffic != next.DoubtsTraffic || (next.DoubtsTraffic && newHold))
        {
            yield return new EndpointEffect.DoubtTraffic(next.DoubtsTraffic);
        }

        if (PickerInputs.Of(before) != PickerInputs.Of(next))
        {
            yield return new EndpointEffect.Publish();
        }

        if (before.Observation != next.Observation || before.Verified != next.Verified)
        {
            yield return new EndpointEffect.ShareObservation();
        }

        if (newHold)
        {
            yield return new EndpointEffect.ArmHold(next.Suspicion.HeldUntil!.Value);
        }

        if (next.EasedFrom is { } eased && before.EasedFrom != eased)
        {
            yield return new EndpointEffect.ArmEase(eased + SlowStart.AfterTrials.Window);
        }

        if (before.Duty != next.Duty)
        {
            yield return new EndpointEffect.ChangeDuty();
        }

        if (next.WantsVerification && !before.WantsVerification)
        {
            yield return new EndpointEffect.Verify();
        }
    }

    /// <summary>What a picker depends on: the router publishes another when this changes.</summary>
    private readonly record struct PickerInputs
    {
        public DecisionKind Decision { get; private init; }

        public bool IsOnHearsay { get; private init; }

        public bool IsByComparison { get; private init; }

        public bool IsHeld { get; private init; }

        public bool Degraded { get; private init; }

        public TimeSpan? SlowStartFrom { get; private init; }

        public TimeSpan? EasedFrom { get; private init; }

        public uint Epoch { get; private init; }

        public static PickerInputs Of(EndpointStatus status) => new()
        {
            Decision = status.Decision.Kind,
            IsOnHearsay = status.Decision.IsOnHearsay,
            IsByComparison = status.Decision.IsByComparison,
            IsHeld = status.IsHeld,
            Degraded = status.Verdict.Verdict == Verdict.Degraded,
            SlowStartFrom = status.SlowStartFrom,
            EasedFrom = status.EasedFrom,
            Epoch = status.Epoch,
        };
    }
}
