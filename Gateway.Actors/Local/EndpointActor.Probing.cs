using Akka.Actor;
using Gateway.Actors.Probing;
using Gateway.Actors.Surroundings;
using Gateway.Core.Endpoints;

namespace Gateway.Actors.Local;

/// <summary>The endpoint's probes: carries out what <see cref="ProbePlan"/> decides, with the prober and two timers.</summary>
public sealed partial class EndpointActor
{
    private ProbePlan _plan = ProbePlan.Idle;

    /// <summary>Whether a result belongs to the current probe, and not to one of earlier settings.</summary>
    private bool IsCurrent(ProbeTarget target) => target.Spec == _plan.Target && target.Address == _endpoint.Id.Address;

    private void OnProbed(EndpointStatus status, ProbeAnswer.Probed probed)
    {
        _observer.Probed(_endpoint.Id, probed.Result, _plan.Reason);
        Apply(EndpointDecision.OnProbe(status, probed.Result, Health, Now));
        Apply(_plan.OnResult(_endpoint.Status, Health, Now, _clock.Lost, _random()));
    }

    private void Apply(ProbeStep step)
    {
        _plan = step.Plan;
        foreach (var effect in step.Effects)
        {
            CarryOut(effect);
        }
    }

    private void CarryOut(ProbeEffect effect)
    {
        var address = _endpoint.Id.Address;
        switch (effect)
        {
            case ProbeEffect.Stop(var target):
                _neighbours.Prober.Tell(new StopProbing(new(address, target)));
                Timers.Cancel(Tick.ProbeDue);
                break;
            case ProbeEffect.Send(var target, var freshFor, var first):
                _neighbours.Prober.Tell(new ProbeNow(new(address, target), freshFor, _pool.Name, Health.Interval, first));
                break;
            case ProbeEffect.Wait(var time) when time > TimeSpan.Zero:
                Timers.StartSingleTimer(Tick.ProbeDue, Tick.ProbeDue, time);
                break;
            case ProbeEffect.Wait:
                Timers.Cancel(Tick.ProbeDue);
                Self.Tell(Tick.ProbeDue);
                break;
            case ProbeEffect.BeginVerification:
                Apply(EndpointDecision.OnVerifying(_endpoint.Status, Now));
                break;
            case ProbeEffect.ExpireAfter(var time):
                Timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, time);
                break;
            case ProbeEffect.Expire:
                Apply(EndpointDecision.OnVerdictExpired(_endpoint.Status));
                break;
            default:
                throw new InvalidOperationException($"unhandled effect: {effect}");
        }
    }
}
