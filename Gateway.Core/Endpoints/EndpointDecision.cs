using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Grants;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Endpoints;

/// <summary>
/// The transition of an endpoint's status at each event: the next status, the step of the breaker's word, and the effects. Pure; the
/// endpoint actor applies it.
/// <list type="bullet">
/// <item>A verdict that turns healthy moves an open breaker to half-open at once and forgets the doubling.</item>
/// <item>While Unhealthy no break ends: no trial is sent, and no failed trial doubles it.</item>
/// <item>If the verdict stays healthy (a failure that only traffic sees), only the timer ends the break.</item>
/// <item>A replica that does not probe follows its zone's probes in all of this.</item>
/// <item>Replicas take turns with trials; the first success closes the breakers of all, which ease the endpoint in.</item>
/// </list>
/// </summary>
public sealed record EndpointDecision(
    EndpointStatus Status, BreakerStep Step, ImmutableArray<EndpointEffect> Effects)
{
    /// <summary>The time a trial grant may go unused before it is returned to let others take their turn.</summary>
    public static readonly TimeSpan UnusedGrant = TimeSpan.FromSeconds(1);

    /// <summary>Handles a probe's result. While suspect one failure is enough; without a verdict it starts from the current decision.</summary>
    public static EndpointDecision OnProbe(EndpointStatus status, ProbeResult result, HealthPolicy policy, TimeSpan now)
    {
        var before = status is { Verdict.Verdict: Verdict.Unknown, Settled: { } settled }
            ? new(settled == DecisionKind.Ejected ? Verdict.Unhealthy : Verdict.Healthy, 0)
            : status.Verdict;
        var verdict = before.Observe(result, status.IsDoubted ? policy with { UnhealthyThreshold = 1 } : policy);
        var next = status with
        {
            Verdict = verdict,
            LastProbe = result,
            LastProbeAt = now,
            Suspicion = status.Suspicion.OnProbe(result.Passed),
            Verified = status.Verified + (status.Suspicion.Verifying ? 1 : 0),
        };
        var (from, to) = (status.Verdict.Verdict, verdict.Verdict);
        if (from == to)
        {
            return Conclusion.Of(status, next);
        }

        var step = BreakerStep.None;
        if (IsHealthy(to) && !IsHealthy(before.Verdict))
        {
            next = next with
            {
                FailedTrials = 0,
                SlowStartFrom = before.Verdict == Verdict.Unhealthy ? now : next.SlowStartFrom,
            };
            step = next.Breaker == BreakerPhase.Open ? BreakerStep.HalfOpen : BreakerStep.None;
        }

        return Conclusion.Of(status, next with { Why = Why(result) }, step, new EndpointEffect.VerdictChanged(from, to, Why(result)));
    }

    /// <summary>Handles a verdict that expired because no probe has completed for too long.</summary>
    public static EndpointDecision OnVerdictExpired(EndpointStatus status)
    {
        const string why = "no probe completed in time";
        var from = status.Verdict.Verdict;
        return from == Verdict.Unknown
            ? new(status, BreakerStep.None, [])
            : Conclusion.Of(
                status,
                status with { Verdict = VerdictState.Initial, Why = why },
                BreakerStep.None,
                new EndpointEffect.VerdictChanged(from, Verdict.Unknown, why));
    }

    /// <summary>Handles changed evidence from others.</summary>
    public static EndpointDecision OnEvidence(EndpointStatus status, EndpointEvidence evidence, HealthPolicy policy, TimeSpan now)
    {
        var suspicion = status.Suspicion.OnEvidence(status.Evidence, evidence, now, ProbeSchedule.VerifiedWithin(policy));
        var next = status with { Evidence = evidence, Suspicion = suspicion };
        return (status.RulingVerdict, next.RulingVerdict) == (Opinion.Bad, Opinion.Good)
            ? Conclusion.Of(
                status,
                next with { FailedTrials = 0, SlowStartFrom = now },
                next.Breaker == BreakerPhase.Open ? BreakerStep.HalfOpen : BreakerStep.None)
            : Conclusion.Of(status, next);
    }

    /// <summary>Handles the start of a verifying probe.</summary>
    public static EndpointDecision OnVerifying(EndpointStatus status, TimeSpan now) =>
        Conclusion.Of(status, status with { Suspicion = status.Suspicion.OnVerifying(now) });

    /// <summary>Handles the end of the longest hold.</summary>
    public static EndpointDecision OnHoldElapsed(EndpointStatus status, TimeSpan now) =>
        Conclusion.Of(status, status with { Suspicion = status.Suspicion.OnHoldElapsed(now) });

    /// <summary>Handles a doubted breaker proven by traffic. If it was doubted again meanwhile, the doubt stands.</summary>
    public static EndpointDecision OnProven(EndpointStatus status, BreakerWord word) => word.IsTrusted && word.Epoch == status.Epoch
        ? Conclusion.Of(status, status with { OnProbation = false, Suspicion = status.Suspicion.OnProven() })
        : new(status, BreakerStep.None, []);

    /// <summary>Handles the start or end of a stall, in which every attempt waits without an answer.</summary>
    public static EndpointDecision OnStalled(EndpointStatus status, bool stalled, HealthPolicy policy, TimeSpan now) =>
        Conclusion.Of(status, status with { Suspicion = status.Suspicion.OnStalled(stalled, now, ProbeSchedule.VerifiedWithin(policy)) });

    /// <summary>Handles a change of the probe settings.</summary>
    public static EndpointDecision OnConfigured(EndpointStatus status, HealthPolicy policy) =>
        Conclusion.Of(status, status with { ProbesOff = policy.Probe.Kind == ProbeKind.None });

    /// <summary>Handles an edge from the cell's traffic. Late and repeated ones change nothing.</summary>
    public static EndpointDecision OnEdge(EndpointStatus status, CellEdge edge, in BreakContext context)
    {
        var epoch = edge.Epoch;
        var ofTrials = edge.Kind is BreakerEdge.TrialWanted or BreakerEdge.TrialTaken or BreakerEdge.TrialEnded;
        return edge.Kind switch
        {
            _ when (ofTrials ? epoch != status.Epoch : IsKnown(status, epoch)) => new(status, BreakerStep.None, []),
            BreakerEdge.TrialWanted => new(status, BreakerStep.None, [new EndpointEffect.SeekGrant(epoch)]),
            BreakerEdge.TrialTaken => new(status, BreakerStep.None, [new EndpointEffect.WatchTrials(epoch), new EndpointEffect.UseGrant()]),
            BreakerEdge.TrialEnded when status.InTurn => new(status, BreakerStep.None, [new EndpointEffect.WatchGrant(epoch)]),
            BreakerEdge.Tripped => OnPhase(status, BreakerPhase.Open, epoch, $"consecutive failures, the last: {edge.Cause}", context),
            BreakerEdge.TrippedInDoubt =>
                OnPhase(status with { Confirms = status.DoubtsByHearsay }, BreakerPhase.Open, epoch, InDoubt(status, edge.Reason), context),
            BreakerEdge.TrialFailed =>
                OnTrialsOver(status with { Confirms = false }, BreakerPhase.Open, epoch, GrantEnd.Failed, $"trial failed: {edge.Cause}", context),
            BreakerEdge.Recovered => OnTrialsOver(
                status with { Suspicion = status.Suspicion.OnProven() }, BreakerPhase.Closed, epoch, GrantEnd.Succeeded, "trial succeeded", context),
            _ => new(status, BreakerStep.None, []),
        };
    }

    /// <summary>Handles permission for trials wanted in an epoch, by a grant or because there is no granter. Permission that comes too late is returned.</summary>
    /// <param name="own">Whether the breaker's own limit applies; otherwise one trial at a time.</param>
    public static EndpointDecision OnPermitted(EndpointStatus status, uint epoch, bool own) => (status.Breaker, own) switch
    {
        (BreakerPhase.HalfOpen, true) when status.Epoch == epoch => new(status, BreakerStep.Free, []),
        (BreakerPhase.HalfOpen, false) when status.Epoch == epoch =>
            new(status with { InTurn = true }, BreakerStep.Grant, [new EndpointEffect.WatchGrant(epoch)]),
        (_, true) => new(status, BreakerStep.None, []),
        _ => new(status, BreakerStep.None, [new EndpointEffect.EndTrials(GrantEnd.Returned)]),
    };

    /// <summary>Handles a trial grant that went unused for too long.</summary>
    public static EndpointDecision OnGrantUnused(EndpointStatus status, uint epoch) =>
        new(status, status.InTurn && status.Epoch == epoch ? BreakerStep.Withdraw : BreakerStep.None, []);

    /// <summary>Handles the result of withdrawing a trial grant: a request may have used it first.</summary>
    public static EndpointDecision OnWithdrawn(EndpointStatus status, BreakerWord word) => word.Gate == TrialGate.Granted
        ? new(status, BreakerStep.None, [])
        : new(status with { InTurn = false }, BreakerStep.None, [new EndpointEffect.EndTrials(GrantEnd.Returned)]);

    /// <summary>Handles the success of another replica's trial. Ignored if own probes contradict it.</summary>
    public static EndpointDecision OnProvenElsewhere(EndpointStatus status, TimeSpan now) =>
        status.Breaker == BreakerPhase.Closed || status.RulingVerdict == Opinion.Bad
            ? new(status, BreakerStep.None, [])
            : Conclusion.Of(
                status,
                status with { EasedFrom = now, InTurn = false, OnProbation = true },
                BreakerStep.Close,
                new EndpointEffect.EndTrials(GrantEnd.Returned));

    /// <summary>Handles the end of the weight ramp.</summary>
    public static EndpointDecision OnEased(EndpointStatus status, TimeSpan now) =>
        now - status.EasedFrom >= SlowStart.AfterTrials.Window
            ? Conclusion.Of(status, status with { EasedFrom = null })
            : new(status, BreakerStep.None, []);

    /// <summary>Handles a breaker phase in an epoch: reached by an edge or by a step of the actor, or found after a restart.</summary>
    public static EndpointDecision OnPhase(EndpointStatus status, BreakerPhase phase, uint epoch, string why, in BreakContext context)
    {
        if (IsKnown(status, epoch))
        {
            return new(status, BreakerStep.None, []);
        }

        var failedTrials = (status.Breaker, phase) switch
        {
            (_, BreakerPhase.Closed) => 0,
            (BreakerPhase.HalfOpen, BreakerPhase.Open) when status.RulingVerdict != Opinion.Bad => status.FailedTrials + 1,
            _ => status.FailedTrials,
        };
        var next = status with
        {
            Breaker = phase,
            Epoch = epoch,
            FailedTrials = failedTrials,
            BreakUntil = null,
            InTurn = false,
            EasedFrom = phase != BreakerPhase.Closed ? null : status.InTurn ? context.Now : status.EasedFrom,
            OnProbation = status.OnProbation && phase == BreakerPhase.Closed,
            Confirms = status.Confirms && phase != BreakerPhase.Closed,
            Suspicion = phase == BreakerPhase.Open ? status.Suspicion.OnFailed() : status.Suspicion,
            Why = why,
        };
        var effects = new List<EndpointEffect>();
        if (status.Breaker != phase)
        {
            effects.Add(new EndpointEffect.BreakerMoved(status.Breaker, phase, why));
        }

        if (phase == BreakerPhase.Open && !status.HeldOpen)
        {
            var after = BreakSchedule.Duration(context.Policy, failedTrials, context.Unit);
            next = next with { BreakUntil = context.Now + after };
            effects.Add(new EndpointEffect.ArmBreak(after, epoch));
        }
        else
        {
            effects.Add(new EndpointEffect.DisarmBreak());
        }

        return Conclusion.Of(status, next, BreakerStep.None, effects);
    }

    /// <summary>Handles the end of the break of an epoch.</summary>
    public static EndpointDecision OnBreakElapsed(EndpointStatus status, uint epoch)
    {
        if (status.Breaker != BreakerPhase.Open || status.Epoch != epoch)
        {
            return new(status, BreakerStep.None, []);
        }

        return status.RulingVerdict == Opinion.Bad
            ? new(status with { BreakUntil = null }, BreakerStep.None, [])
            : Conclusion.Of(status, status, BreakerStep.HalfOpen);
    }

    /// <summary>Handles the request timeout since an epoch's last trial was taken.</summary>
    public static EndpointDecision OnTrialsOverdue(EndpointStatus status, BreakerWord word, uint epoch) =>
        status.Epoch == epoch && word.Epoch == epoch && word.Trials > 0
            ? new(
                status,
                BreakerStep.ExpireTrials,
                status.InTurn
                    ? [new EndpointEffect.TrialsLost(epoch), new EndpointEffect.EndTrials(GrantEnd.Failed)]
                    : [new EndpointEffect.TrialsLost(epoch)])
            : new(status, BreakerStep.None, []);

    /// <summary>Handles the periodic sample of the endpoint's totals, for the failure rate. Only samples of a closed breaker count.</summary>
    /// <param name="window">The samples so far.</param>
    /// <returns>The samples including this one, and the decision.</returns>
    public static (FailureWindow Window, EndpointDecision Decision) OnSample(
        EndpointStatus status, FailureWindow window, long successes, long failures, BreakerPolicy policy, TimeSpan now)
    {
        var next = status.Breaker == BreakerPhase.Closed ? window.Observe(successes, failures, now, policy) : FailureWindow.Empty;
        return (next, new(status, next.Exceeds(successes, failures, policy) ? BreakerStep.Trip : BreakerStep.None, []));
    }

    /// <summary>Handles an operator's hold on the breaker: open, close, or automatic.</summary>
    public static EndpointDecision OnHold(EndpointStatus status, BreakerHold hold)
    {
        EndpointEffect[] turnOver = status.InTurn ? [new EndpointEffect.EndTrials(GrantEnd.Returned)] : [];
        return (hold, status.Breaker) switch
        {
            (BreakerHold.Open, BreakerPhase.Open) => Conclusion.Of(status, status with { HeldOpen = true, BreakUntil = null }),
            (BreakerHold.Open, _) => Conclusion.Of(status, status with { HeldOpen = true, InTurn = false }, BreakerStep.ForceOpen, turnOver),
            (BreakerHold.Close, not BreakerPhase.Closed) => Conclusion.Of(status, status with { HeldOpen = false, InTurn = false }, BreakerStep.ForceClose, turnOver),
            (BreakerHold.Auto, BreakerPhase.Open) when status.HeldOpen => Conclusion.Of(status, status with { HeldOpen = false }, BreakerStep.HalfOpen),
            _ => Conclusion.Of(status, status with { HeldOpen = false }),
        };
    }

    private static EndpointDecision OnTrialsOver(
        EndpointStatus status, BreakerPhase phase, uint epoch, GrantEnd how, string why, in BreakContext context)
    {
        var decision = OnPhase(status, phase, epoch, why, context);
        return decision with { Effects = decision.Effects.Add(new EndpointEffect.EndTrials(how)) };
    }

    /// <summary>Whether an epoch is already taken into account.</summary>
    private static bool IsKnown(EndpointStatus status, uint epoch) => unchecked((int)(epoch - status.Epoch)) <= 0;

    private static string InDoubt(EndpointStatus status, FailureReason reason) =>
        $"failed {(status.OnProbation ? "after another replica's trial had succeeded" : status.DoubtsByHearsay ? "as other replicas had reported" : "while other attempts waited")}{(reason == FailureReason.None ? "" : $": {reason}")}";

    private static bool IsHealthy(Verdict verdict) => verdict is Verdict.Healthy or Verdict.Degraded;

    private static string Why(ProbeResult result) =>
        result.Passed ? "probe passed" : $"probe failed: {(result.Detail.Length > 0 ? result.Detail : result.Reason)}";
}
