using Akka.Actor;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Grants;

namespace Gateway.Actors.Local;

/// <summary>The start of the endpoint's actor, and its restart after a crash.</summary>
public sealed partial class EndpointActor
{
    /// <summary>
    /// Introduces the endpoint to other actors and sends its view: they may have lost it in a crash, and without changes nothing
    /// would be sent for a long time.
    /// </summary>
    private void Introduce()
    {
        _neighbours.Evidence.Tell(new WatchEvidence(_endpoint.Id));
        _neighbours.Turns.Actor.Tell(new WatchTrials(_endpoint.Id));
        CarryOut(new EndpointEffect.ShareObservation());
    }

    /// <summary>Resumes from the status and the cell, at the first start and after a crash.</summary>
    private void Resume()
    {
        var (status, word) = (_endpoint.Status, _endpoint.Cell.Breaker);
        if (word.Epoch != status.Epoch)
        {
            Apply(EndpointDecision.OnPhase(status, word.Phase, word.Epoch, "changed while its actor was restarting", Break));
        }
        else if (status is { Breaker: BreakerPhase.Open, BreakUntil: { } until })
        {
            var left = until - Now;
            CarryOut(new EndpointEffect.ArmBreak(left > TimeSpan.Zero ? left : TimeSpan.Zero, status.Epoch));
        }

        if (word.Trials > 0)
        {
            CarryOut(new EndpointEffect.WatchTrials(word.Epoch));
        }

        Apply(_plan.OnResumed(_endpoint.Status, Health, Now, _clock.Lost));
        ResumeTurn(word);
        CarryOut(new EndpointEffect.DoubtTraffic(_endpoint.Status.DoubtsTraffic));
        if (status.Suspicion.HeldUntil is { } held)
        {
            At(Tick.HoldElapsed, held);
        }

        if (_endpoint.Status.Outlier.Until is { } outlier)
        {
            At(Tick.OutlierElapsed, outlier);
        }

        if (_endpoint.Status.EasedFrom is { } eased)
        {
            At(Tick.Eased, eased + SlowStart.AfterTrials.Window);
        }
    }

    /// <summary>After a crash: repeats a pending request for a grant, uses or returns a grant, and treats missed events as over.</summary>
    private void ResumeTurn(BreakerWord word)
    {
        SeekGrant();
        CarryOut(word.Gate == TrialGate.Granted && _endpoint.Status.InTurn
            ? new EndpointEffect.WatchGrant(word.Epoch)
            : new EndpointEffect.EndTrials(GrantEnd.Returned));
    }
}
