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

        const string why = "left to its probe owners";
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
            status.Sight.ProbeOpinion,
            evidence.CountInMyZone(Opinion.Bad),
            evidence.CountInMyZone(Opinion.Good),
            suspicion.Reported,
            last,
            suspicion.Stalled,
            status.Outlier.IsOut));
        var witnesses = reason switch
        {
            DecisionReason.Zone => evidence.Testimonies.Where(t => t.InMyZone && t.Opinion != Opinion.None),
            DecisionReason.Reported or DecisionReason.Unverified => evidence.Testimonies.Where(suspicion.IsOpen),
            _ => [],
        };
        return status with
        {
            Decision = new(kind, reason, [.. witnesses.Select(t => new Witness(t.Name, t.Opinion, t.Since, t.Why))]),
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

        if (Offer(before) != Offer(next))
        {
            yield return new EndpointEffect.Publish();
        }

        if (before.Sight != next.Sight || before.Verified != next.Verified)
        {
            yield return new EndpointEffect.Testify();
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

    /// <summary>Returns the fields that a picker depends on.</summary>
    private static (DecisionKind, bool, bool, bool, bool, TimeSpan?, TimeSpan?, uint) Offer(EndpointStatus status) => (
        status.Decision.Kind,
        status.Decision.IsOnHearsay,
        status.Decision.IsByComparison,
        status.IsHeld,
        status.Verdict.Verdict == Verdict.Degraded,
        status.SlowStartFrom,
        status.EasedFrom,
        status.Epoch);
}
