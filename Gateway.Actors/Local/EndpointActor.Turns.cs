using Akka.Actor;
using Gateway.Actors.Grants;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;

namespace Gateway.Actors.Local;

/// <summary>The endpoint's turns among the replicas that want to try it.</summary>
public sealed partial class EndpointActor
{
    /// <summary>The interval at which a request for a trial is repeated, since the grants actor may lose it in a crash.</summary>
    private static readonly TimeSpan SeekInterval = TimeSpan.FromSeconds(5);

    /// <summary>Whether no other gateway is reachable.</summary>
    private bool IsAlone => _neighbours.Turns.IsAlone(_endpoint.Id);

    private void SeekGrant()
    {
        var word = _endpoint.Cell.Breaker;
        if (word.Gate == TrialGate.Wanted)
        {
            _neighbours.Turns.Actor.Tell(new SeekGrant(_endpoint.Id, word.Epoch, _pool.Snapshot.Settings.Timeouts.Request));
            Timers.StartSingleTimer(Tick.SeekAgain, Tick.SeekAgain, SeekInterval);
        }
    }

    private void CarryOutTurn(EndpointEffect effect)
    {
        switch (effect)
        {
            case EndpointEffect.SeekGrant:
                SeekGrant();
                break;
            case EndpointEffect.WatchGrant(var epoch):
                Timers.StartSingleTimer(nameof(GrantUnused), new GrantUnused(epoch), EndpointDecision.UnusedGrant);
                break;
            case EndpointEffect.UseGrant:
                Timers.Cancel(nameof(GrantUnused));
                _neighbours.Turns.Actor.Tell(new TrialSent(_endpoint.Id));
                break;
            case EndpointEffect.EndTrials(var how):
                Timers.Cancel(nameof(GrantUnused));
                _neighbours.Turns.Actor.Tell(new TrialsEnded(_endpoint.Id, how));
                break;
            default:
                throw new InvalidOperationException($"unhandled effect: {effect}");
        }
    }

    private sealed record GrantUnused(uint Epoch);
}
