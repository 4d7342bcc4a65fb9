using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Grants;
using Gateway.Core.Outcomes;

namespace Gateway.Scale;

/// <summary>Requests, and their effects on an endpoint's cell: trips, breaks that end, and trials in turn.</summary>
internal sealed partial class SimulatedReplica
{
    private readonly Dictionary<int, EndpointCell> _cells = [];

    /// <summary>Sends requests to a dead endpoint, at the fleet's rate, as long as it is picked.</summary>
    public void Use(int endpoint, TimeSpan until)
    {
        if (_fleet.IsDead(endpoint) && TryLease(endpoint, out var lease))
        {
            _fleet.Attempted();
            lease.Report(Outcome.Failure, FailureReason.Connect);
            lease.Release();
        }

        if (Now < until)
        {
            Later(Fleet.RequestInterval, () => Use(endpoint, until));
        }
    }

    /// <summary>Sends requests at random times, at an average rate, with the fleet's share of failures.</summary>
    public void Serve(int endpoint, double rate, TimeSpan until)
    {
        if (_network.Random.NextDouble() < SlowStart.Factor(SlowStart.AfterTrials, Age(_status[endpoint])) && TryLease(endpoint, out var lease))
        {
            var outcome = _network.Random.NextDouble() < _fleet.ErrorsOf(endpoint) ? Outcome.Failure : Outcome.Success;
            Later(Fleet.AnswerTakes, () =>
            {
                lease.Report(outcome, FailureReason.Status);
                lease.Release();
            });
        }

        if (Now < until)
        {
            Later(TimeSpan.FromSeconds(-Math.Log(1 - _network.Random.NextDouble()) / rate), () => Serve(endpoint, rate, until));
        }
    }

    private static bool Picks(EndpointStatus status) => !status.IsEjected && !status.IsHeld;

    /// <summary>The time since an endpoint's slow start began; maximal without one.</summary>
    private TimeSpan Age(EndpointStatus status) => status.EasedFrom is { } from ? Now - from : TimeSpan.MaxValue;

    private bool TryLease(int endpoint, out Lease lease)
    {
        lease = default;
        return Picks(_status[endpoint]) && CellOf(endpoint).TryLease(out lease) == Admission.Granted;
    }

    private EndpointCell CellOf(int endpoint)
    {
        if (!_cells.TryGetValue(endpoint, out var cell))
        {
            _cells[endpoint] = cell = new(_fleet[endpoint], BreakerPolicy.Default, maxInFlight: 1000);
            cell.Attach(new Signals(this, endpoint));
        }

        return cell;
    }

    private void Hear(int endpoint, BreakerEdge edge, uint epoch, FailureReason reason) => Take(endpoint, edge == BreakerEdge.Proven
        ? EndpointDecision.OnProven(_status[endpoint], CellOf(endpoint).Breaker)
        : EndpointDecision.OnEdge(_status[endpoint], new(edge, epoch, reason), new(BreakerPolicy.Default, Now, _network.Random.NextDouble())));

    private void CarryTraffic(int endpoint, EndpointEffect effect)
    {
        switch (effect)
        {
            case EndpointEffect.BreakerMoved(_, BreakerPhase.Open, _):
                _fleet.Tripped(Now);
                break;
            case EndpointEffect.DoubtTraffic(var on):
                CellOf(endpoint).Doubt(on);
                break;
            case EndpointEffect.ArmBreak(var after, var epoch):
                Later(after, () => Take(endpoint, EndpointDecision.OnBreakElapsed(_status[endpoint], epoch)));
                break;
            case EndpointEffect.SeekGrant(var epoch):
                _fleet.Turns.Seek(endpoint, this, () => Soon(() => Take(endpoint, EndpointDecision.OnPermitted(_status[endpoint], epoch, own: false))));
                break;
            case EndpointEffect.WatchGrant(var epoch):
                Later(EndpointDecision.UnusedGrant, () => Take(endpoint, EndpointDecision.OnGrantUnused(_status[endpoint], epoch)));
                break;
            case EndpointEffect.EndTrials(var how):
                EndTrials(endpoint, how);
                break;
            case EndpointEffect.ArmEase(var until):
                _network.At(until, this, () => Take(endpoint, EndpointDecision.OnEased(_status[endpoint], Now)));
                break;
            default:
                break;
        }
    }

    private void EndTrials(int endpoint, GrantEnd how)
    {
        if (_fleet.Turns.End(endpoint, this) && how == GrantEnd.Succeeded)
        {
            foreach (var other in _network.Replicas.Where(replica => replica != this))
            {
                other.Soon(() => other.Take(endpoint, EndpointDecision.OnProvenElsewhere(other._status[endpoint], other.Now)));
            }
        }
    }

    /// <summary>Runs after the latency of a message.</summary>
    private void Soon(Action act) => _network.At(_network.Now + Network.Latency, this, act);

    private void Step(int endpoint, BreakerStep step)
    {
        if (step == BreakerStep.None)
        {
            return;
        }

        var (cell, epoch) = (CellOf(endpoint), _status[endpoint].Epoch);
        var word = step switch
        {
            BreakerStep.HalfOpen => cell.Transition(static (w, _) => w.HalfOpen(TrialGate.Shut), epoch),
            BreakerStep.Grant => cell.Transition(static (w, e) => w.Permit(e, TrialGate.Granted), epoch),
            BreakerStep.Withdraw => cell.Transition(static (w, e) => w.Withdraw(e), epoch),
            BreakerStep.Close => cell.Transition(static (w, _) => w.Close(), epoch),
            _ => throw new InvalidOperationException($"no scenario has a step {step}"),
        };
        Take(endpoint, step == BreakerStep.Withdraw
            ? EndpointDecision.OnWithdrawn(_status[endpoint], word)
            : EndpointDecision.OnPhase(_status[endpoint], word.Phase, word.Epoch, "", new(BreakerPolicy.Default, Now, _network.Random.NextDouble())));
    }

    /// <summary>Edges reach the endpoint's actor after the current event.</summary>
    private sealed class Signals(SimulatedReplica replica, int endpoint) : IEndpointSignals
    {
        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
        {
            if (edge is not (BreakerEdge.FirstFailure or BreakerEdge.FailuresCleared))
            {
                replica._network.At(replica.Now, replica, () => replica.Hear(endpoint, edge, epoch, reason));
            }
        }
    }
}
