using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Outcomes;

namespace Gateway.Scale;

/// <summary>
/// A replica's handling of evidence: the streams, the book, and each endpoint's cell and decisions are the gateway's own. The actors between them, which only
/// pass messages on, are rewritten for virtual time.
/// </summary>
internal sealed partial class SimulatedReplica
{
    private readonly Network _network;
    private readonly Fleet _fleet;
    private readonly EndpointStatus[] _status;
    private readonly EndpointEvidence[] _told;
    private readonly long[] _nextProbe;
    private readonly List<Action> _after = [];
    private OwnStream _own = OwnStream.Empty;
    private EvidenceBook _book;
    private TimeSpan _busyUntil;
    private bool _window;

    public SimulatedReplica(ReplicaId id, ClusterView view, Network network, Fleet fleet)
    {
        (Id, _network, _fleet) = (id, network, fleet);
        _status = [.. Enumerable.Repeat(EndpointStatus.Initial, fleet.Count)];
        _told = [.. Enumerable.Repeat(EndpointEvidence.Alone, fleet.Count)];
        _nextProbe = new long[fleet.Count];
        _book = EvidenceBook.Open(view, TimeSpan.Zero).Book;
    }

    public ReplicaId Id { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>When it had everything from all others; null: not yet.</summary>
    public TimeSpan? Complete { get; private set; }

    /// <summary>Processes an event.</summary>
    /// <returns>Its duration.</returns>
    public TimeSpan Run(TimeSpan time, Action act)
    {
        Now = time > _busyUntil ? time : _busyUntil;
        var begin = WorkClock.Now;
        act();
        var taken = WorkClock.Now - begin;
        Now += taken;
        _busyUntil = Now;
        _after.ForEach(after => after());
        _after.Clear();
        return taken;
    }

    /// <summary>Runs after the current event.</summary>
    public void AfterThis(Action act) => _after.Add(act);

    public void Start(ClusterView view)
    {
        Apply(EvidenceBook.Open(view, Now), viewChanged: true);
        for (var endpoint = 0; endpoint < _fleet.Count; endpoint++)
        {
            ScheduleProbe(endpoint, Fleet.FirstProbeWithin * _network.Random.NextDouble());
        }

        Later(Fleet.Beat * _network.Random.NextDouble(), Beat);
    }

    public void See(ClusterView view) => Apply(_book.OnView(view, Now), viewChanged: true);

    public void Hear(ReplicaId from, IWireMessage said)
    {
        switch (said)
        {
            case EvidenceSent(var edges):
                Apply(_book.OnEdges(from, edges, Now));
                break;
            case EvidenceBeat(var last):
                Apply(_book.OnBeat(from, last, Now));
                break;
            case EvidenceSnapshot(var chunk):
                Apply(_book.OnChunk(from, chunk, Now));
                break;
            default:
                SendEdges();
                foreach (var chunk in _own.Snapshot(Now))
                {
                    _network.Send(this, [from], new EvidenceSnapshot(chunk));
                }

                break;
        }
    }

    private void Beat()
    {
        _network.Send(this, Others, new EvidenceBeat(_own.Last));
        Apply(_book.OnTime(Now));
        Later(Fleet.Beat, Beat);
    }

    private IEnumerable<ReplicaId> Others => _book.View.ReachableGateways.Where(r => r.Id != Id).Select(r => r.Id);

    private void Apply(BookStep step, bool viewChanged = false)
    {
        _book = step.Book;
        if (step.Ask.Length > 0)
        {
            _network.Send(this, step.Ask, new SendEvidence());
        }

        foreach (var endpoint in viewChanged ? Enumerable.Range(0, _fleet.Count) : step.Touched.Select(_fleet.IndexOf))
        {
            var evidence = _book.About(_fleet[endpoint]);
            if (!evidence.Equals(_told[endpoint]) || viewChanged)
            {
                _told[endpoint] = evidence;
                Take(endpoint, EndpointDecision.OnEvidence(_status[endpoint], evidence, HealthPolicy.Default, Now));
            }
        }

        Complete ??= _book.Complete && _book.View.Replicas.Length > 1 ? Now : null;
    }

    private void Take(int endpoint, EndpointDecision decision)
    {
        var picked = Picks(_status[endpoint]);
        _status[endpoint] = decision.Status;
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case EndpointEffect.ShareObservation:
                    var seen = decision.Status;
                    _own = _own.See(_fleet[endpoint], seen.Observation, seen.Verified, seen.Why, Now, seen.Confirms);
                    SendSoon();
                    break;
                case EndpointEffect.ArmHold(var until):
                    _network.At(until, this, () => Take(endpoint, EndpointDecision.OnHoldElapsed(_status[endpoint], Now)));
                    break;
                case EndpointEffect.ChangeDuty or EndpointEffect.Verify:
                    ScheduleProbe(endpoint, TimeSpan.Zero);
                    break;
                default:
                    CarryTraffic(endpoint, effect);
                    break;
            }
        }

        Step(endpoint, decision.Step);
        if (picked && !Picks(decision.Status) && _fleet.IsDead(endpoint))
        {
            _fleet.Stopped(Id, endpoint, Now);
        }
    }

    private void ScheduleProbe(int endpoint, TimeSpan after)
    {
        var turn = ++_nextProbe[endpoint];
        Later(after, () =>
        {
            if (turn == _nextProbe[endpoint])
            {
                Probe(endpoint);
            }
        });
    }

    private void Probe(int endpoint)
    {
        var status = _status[endpoint];
        if (status.Duty == ProbeReason.None || (_fleet.Seeding && status.Duty != ProbeReason.Owner))
        {
            return;
        }

        if (status.WantsVerification)
        {
            Take(endpoint, EndpointDecision.OnVerifying(status, Now));
        }

        _network.Tally.Probed();
        Later(Fleet.ProbeTakes, () =>
        {
            var result = _fleet.IsDead(endpoint)
                ? ProbeResult.Fail(Fleet.ProbeTakes, FailureReason.Connect, "Connection refused (10.0.0.1:8001)")
                : ProbeResult.Pass(Fleet.ProbeTakes);
            Take(endpoint, EndpointDecision.OnProbe(_status[endpoint], result, HealthPolicy.Default, Now));
            var after = _status[endpoint];
            var suspect = after.Decision.Kind == DecisionKind.Suspect && after.Suspicion.NeedsProbes;
            ScheduleProbe(endpoint, ProbeSchedule.NextIn(HealthPolicy.Default, after.Verdict, suspect, _network.Random.NextDouble()));
        });
    }

    private void SendSoon()
    {
        if (_own.HasUnsent && !_window)
        {
            // Edges from the same event are sent together.
            _window = true;
            AfterThis(() => _network.At(Now, this, SendEdges));
        }
    }

    private void SendEdges()
    {
        _window = false;
        if (_own.HasUnsent)
        {
            (_own, var edges) = _own.Send(Now);
            foreach (var part in edges.Parts())
            {
                _network.Send(this, Others, new EvidenceSent(part));
            }

            _window = true;
            Later(EvidenceActor.Coalescing, SendEdges);
        }
    }

    private void Later(TimeSpan after, Action act) => AfterThis(() => _network.At(Now + after, this, act));
}
