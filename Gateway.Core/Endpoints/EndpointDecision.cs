using System.Collections.Immutable;
using Gateway.Core.Breaking;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Endpoints;

/// <summary>
/// What happens to an endpoint's status at each event: the next status, the step of the breaker's word, and the effects. Pure; the
/// endpoint actor carries it out.
/// <list type="bullet">
/// <item>A verdict that turns healthy moves an open breaker to half-open at once and forgets the doubling.</item>
/// <item>While Unhealthy no break ends: no trial is sent, and no failed trial doubles it.</item>
/// <item>Where the verdict stays healthy (a failure that only traffic sees), the timer alone rules.</item>
/// </list>
/// </summary>
public sealed record EndpointDecision(
    EndpointStatus Status, BreakerStep Step, ImmutableArray<EndpointEffect> Effects)
{
    /// <summary>A probe's result.</summary>
    public static EndpointDecision OnProbe(EndpointStatus status, ProbeResult result, HealthPolicy policy, TimeSpan now)
    {
        var verdict = status.Verdict.Observe(result, policy);
        var next = status with { Verdict = verdict, LastProbe = result, LastProbeAt = now };
        var (from, to) = (status.Verdict.Verdict, verdict.Verdict);
        if (from == to)
        {
            return new(next, BreakerStep.None, []);
        }

        var effects = ImmutableArray.CreateBuilder<EndpointEffect>();
        effects.Add(new EndpointEffect.VerdictChanged(from, to, Why(result)));
        var step = BreakerStep.None;
        if (IsHealthy(to) && !IsHealthy(from))
        {
            next = next with
            {
                FailedTrials = 0,
                SlowStartFrom = from == Verdict.Unhealthy ? now : next.SlowStartFrom,
            };
            step = next.Breaker == BreakerPhase.Open ? BreakerStep.HalfOpen : BreakerStep.None;
        }

        effects.Add(new EndpointEffect.Publish());
        return new(next, step, effects.ToImmutable());
    }

    /// <summary>An edge that traffic made, told by the cell. Late and repeated ones change nothing.</summary>
    public static EndpointDecision OnEdge(
        EndpointStatus status, BreakerEdge edge, uint epoch, FailureReason reason, BreakerPolicy policy, TimeSpan now, double unit)
    {
        if (edge == BreakerEdge.TrialTaken && epoch == status.Epoch)
        {
            return new(status, BreakerStep.None, [new EndpointEffect.WatchTrials(epoch)]);
        }

        return edge switch
        {
            BreakerEdge.Tripped => OnPhase(status, BreakerPhase.Open, epoch, $"failures in a row, the last: {reason}", policy, now, unit),
            BreakerEdge.TrialFailed => OnPhase(status, BreakerPhase.Open, epoch, $"trial failed: {reason}", policy, now, unit),
            BreakerEdge.Recovered => OnPhase(status, BreakerPhase.Closed, epoch, "trial succeeded", policy, now, unit),
            _ => new(status, BreakerStep.None, []),
        };
    }

    /// <summary>The breaker is in a phase, in an epoch: by an edge, by a step of the actor's own, or found so after a restart.</summary>
    public static EndpointDecision OnPhase(
        EndpointStatus status, BreakerPhase phase, uint epoch, string why, BreakerPolicy policy, TimeSpan now, double unit)
    {
        if (unchecked((int)(epoch - status.Epoch)) <= 0)
        {
            return new(status, BreakerStep.None, []);
        }

        var failedTrials = (status.Breaker, phase) switch
        {
            (_, BreakerPhase.Closed) => 0,
            (BreakerPhase.HalfOpen, BreakerPhase.Open) when status.Verdict.Verdict != Verdict.Unhealthy => status.FailedTrials + 1,
            _ => status.FailedTrials,
        };
        var next = status with { Breaker = phase, Epoch = epoch, FailedTrials = failedTrials, BreakUntil = null };
        var effects = ImmutableArray.CreateBuilder<EndpointEffect>();
        if (status.Breaker != phase)
        {
            effects.Add(new EndpointEffect.BreakerMoved(status.Breaker, phase, why));
        }

        if (phase == BreakerPhase.Open)
        {
            var after = BreakSchedule.Duration(policy, failedTrials, unit);
            next = next with { BreakUntil = now + after };
            effects.Add(new EndpointEffect.ArmBreak(after, epoch));
        }
        else
        {
            effects.Add(new EndpointEffect.DisarmBreak());
        }

        effects.Add(new EndpointEffect.Publish());
        return new(next, BreakerStep.None, effects.ToImmutable());
    }

    /// <summary>The break of an epoch is over.</summary>
    public static EndpointDecision OnBreakElapsed(EndpointStatus status, uint epoch)
    {
        if (status.Breaker != BreakerPhase.Open || status.Epoch != epoch)
        {
            return new(status, BreakerStep.None, []);
        }

        return status.Verdict.Verdict == Verdict.Unhealthy
            ? new(status with { BreakUntil = null }, BreakerStep.None, [])
            : new(status, BreakerStep.HalfOpen, []);
    }

    /// <summary>The request timeout has passed since the last trial of an epoch was taken.</summary>
    public static EndpointDecision OnTrialsOverdue(EndpointStatus status, BreakerWord word, uint epoch) =>
        status.Epoch == epoch && word.Epoch == epoch && word.Trials > 0
            ? new(status, BreakerStep.ExpireTrials, [new EndpointEffect.TrialsLost(epoch)])
            : new(status, BreakerStep.None, []);

    /// <summary>The periodic sample of the endpoint's totals, for the failure rate.</summary>
    public static EndpointDecision OnSample(EndpointStatus status, FailureWindow window, long successes, long failures, BreakerPolicy policy) =>
        new(
            status,
            status.Breaker == BreakerPhase.Closed && window.Exceeds(successes, failures, policy) ? BreakerStep.Trip : BreakerStep.None,
            []);

    /// <summary>An operator, or the configuration, drains the endpoint or takes it back.</summary>
    public static EndpointDecision OnDrain(EndpointStatus status, bool draining) =>
        status.Draining == draining
            ? new(status, BreakerStep.None, [])
            : new(status with { Draining = draining }, BreakerStep.None, [new EndpointEffect.Publish()]);

    private static bool IsHealthy(Verdict verdict) => verdict is Verdict.Healthy or Verdict.Degraded;

    private static string Why(ProbeResult result) =>
        result.Passed ? "probe passed" : $"probe failed: {(result.Detail.Length > 0 ? result.Detail : result.Reason)}";
}
