using CsCheck;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

/// <summary>Compares the packed word, in its cell, with a model that remembers every event and counts by looking back.</summary>
public sealed class BreakerModelTests
{
    private static readonly BreakerPolicy Policy = new() { Threshold = 4, HalfOpenMaxCalls = 3, HalfOpenSuccesses = 2 };

    private enum Act
    {
        Lease,
        Report,
        HalfOpen,
        HalfOpenShut,
        Permit,
        Withdraw,
        Close,
        Expire,
        Release,
        Doubt,
        Clear,
    }

    [Fact]
    public void Any_sequence_of_leases_and_outcomes_does_what_the_list_of_events_says()
    {
        var step = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 7], Gen.Enum<Outcome>());
        step.Array[1, 120].Sample(steps =>
        {
            var cell = new EndpointCell(TestEndpoints.Id(1), Policy, 1000);
            var model = new Model();
            var edges = new Edges();
            cell.Attach(edges);
            var leases = new List<(Lease Lease, int Model)>();
            foreach (var (act, index, outcome) in steps)
            {
                switch (act)
                {
                    case Act.Lease:
                        var admission = cell.TryLease(out var lease);
                        var expected = model.Lease();
                        Assert.Equal(expected is not null, admission == Admission.Granted);
                        if (expected is { } id)
                        {
                            leases.Add((lease, id));
                        }

                        break;
                    case Act.Report when leases.Count > 0:
                        var at = index % leases.Count;
                        var (held, reported) = leases[at];
                        held.Report(outcome);
                        model.Report(reported, outcome);
                        leases[at] = (held, reported);
                        break;
                    case Act.Release when leases.Count > 0:
                        var last = leases[index % leases.Count];
                        leases.RemoveAt(index % leases.Count);
                        last.Lease.Release();
                        model.Report(last.Model, Outcome.Ignored);
                        break;
                    case Act.HalfOpen:
                        cell.Transition(static (w, _) => w.HalfOpen(), 0);
                        model.HalfOpen(TrialGate.Free);
                        break;
                    case Act.HalfOpenShut:
                        cell.Transition(static (w, _) => w.HalfOpen(TrialGate.Shut), 0);
                        model.HalfOpen(TrialGate.Shut);
                        break;
                    case Act.Permit:
                        var (epoch, gate) = (cell.Breaker.Epoch - (uint)(index & 1), index < 4 ? TrialGate.Granted : TrialGate.Free);
                        cell.Transition((w, e) => w.Permit(e, gate), epoch);
                        model.Permit(ofThisEpoch: epoch == cell.Breaker.Epoch, gate);
                        break;
                    case Act.Withdraw:
                        cell.Transition(static (w, e) => w.Withdraw(e), cell.Breaker.Epoch);
                        model.Withdraw();
                        break;
                    case Act.Close:
                        cell.Transition(static (w, _) => w.Close(), 0);
                        model.Close();
                        break;
                    case Act.Expire:
                        cell.Transition(static (w, e) => w.ExpireTrials(e), cell.Breaker.Epoch);
                        model.Expire();
                        break;
                    case Act.Doubt:
                        cell.Transition(static (w, _) => w.Doubt().Next, 0);
                        model.Doubt();
                        break;
                    case Act.Clear:
                        cell.Doubt(false);
                        model.Clear();
                        break;
                    default:
                        break;
                }

                Assert.Equal((model.Phase, model.Gate, model.Trials), (cell.Breaker.Phase, cell.Breaker.Gate, cell.Breaker.Trials));
                Assert.Equal(model.Trust, cell.Breaker.Trust);
                Assert.Equal((model.Wanted, model.Proven), (edges.Wanted, edges.Proven));
                Assert.InRange(cell.Breaker.Trials, 0, Policy.HalfOpenMaxCalls);
                Assert.Equal(leases.Count, cell.InFlight);
            }

            foreach (var (lease, id) in leases)
            {
                var ending = lease;
                ending.Release();
                model.Report(id, Outcome.Ignored);
            }

            Assert.Equal(0, cell.InFlight);
            Assert.Equal(0, cell.Breaker.Trials);
        });
    }

    private sealed class Edges : IEndpointSignals
    {
        public int Wanted { get; private set; }

        public int Proven { get; private set; }

        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
        {
            Wanted += edge == BreakerEdge.TrialWanted ? 1 : 0;
            Proven += edge == BreakerEdge.Proven ? 1 : 0;
        }
    }

    /// <summary>Slow and obvious: every phase is a segment of the list, and all counts are taken over the current segment.</summary>
    private sealed class Model
    {
        private readonly Dictionary<int, int> _segmentOf = [];
        private readonly HashSet<int> _open = [];

        /// <summary>Attempts admitted one at a time.</summary>
        private readonly HashSet<int> _tests = [];
        private readonly List<(BreakerPhase Phase, List<Outcome> Outcomes)> _segments = [(BreakerPhase.Closed, [])];
        private int _ids;

        public BreakerPhase Phase => _segments[^1].Phase;

        public TrialGate Gate { get; private set; }

        /// <summary>Outcomes since the breaker closed, was doubted, began to prove itself or was trusted again.</summary>
        private List<Outcome> _stretch = [];

        public BreakerTrust Trust { get; private set; }

        /// <summary>The number of trials requested.</summary>
        public int Wanted { get; private set; }

        /// <summary>The number of doubts that ended by three successes in a row.</summary>
        public int Proven { get; private set; }

        private int FailuresInARow => _stretch.AsEnumerable().Reverse().TakeWhile(o => o == Outcome.Failure).Count();

        private int Permits => Gate switch
        {
            TrialGate.Free => Policy.HalfOpenMaxCalls,
            TrialGate.Granted => 1,
            _ => 0,
        };

        public int Trials => Phase == BreakerPhase.HalfOpen ? _open.Count(id => _segmentOf[id] == _segments.Count) : 0;

        public int? Lease()
        {
            if (Phase == BreakerPhase.HalfOpen && Gate == TrialGate.Shut)
            {
                Gate = TrialGate.Wanted;
                Wanted++;
            }

            if (Phase == BreakerPhase.Open || (Phase == BreakerPhase.HalfOpen && Trials >= Permits))
            {
                return null;
            }

            var doubted = Phase == BreakerPhase.Closed && Trust == BreakerTrust.Doubted;
            if (doubted && _open.Any(id => _segmentOf[id] == _segments.Count && _tests.Contains(id)))
            {
                return null;
            }

            _segmentOf[++_ids] = _segments.Count;
            _open.Add(_ids);
            if (doubted)
            {
                _tests.Add(_ids);
            }

            return _ids;
        }

        public void Report(int id, Outcome outcome)
        {
            if (!_open.Remove(id) || _segmentOf[id] != _segments.Count)
            {
                return;
            }

            var outcomes = _segments[^1].Outcomes;
            if (outcome != Outcome.Ignored)
            {
                outcomes.Add(outcome);
            }

            switch (Phase)
            {
                case BreakerPhase.Closed when outcome != Outcome.Ignored:
                    _stretch.Add(outcome);
                    Judge(outcome, _tests.Contains(id));
                    break;
                case BreakerPhase.HalfOpen when outcome == Outcome.Failure:
                    Enter(BreakerPhase.Open);
                    break;
                case BreakerPhase.HalfOpen when outcomes.Count >= Policy.HalfOpenSuccesses:
                    Enter(BreakerPhase.Closed);
                    break;
                default:
                    break;
            }
        }

        private void Judge(Outcome outcome, bool test)
        {
            switch (Trust, outcome)
            {
                case (BreakerTrust.Trusted, _) when FailuresInARow >= Policy.Threshold:
                case (BreakerTrust.Doubted, Outcome.Failure) when test || FailuresInARow >= 2:
                    Enter(BreakerPhase.Open);
                    break;
                case (BreakerTrust.Doubted, Outcome.Success) when test:
                    (Trust, _stretch) = (BreakerTrust.Proving, [outcome]);
                    break;
                case (BreakerTrust.Proving, Outcome.Failure):
                    (Trust, _stretch) = (BreakerTrust.Doubted, [outcome]);
                    break;
                case (BreakerTrust.Proving, _) when _stretch.Count == 3:
                    (Trust, _stretch) = (BreakerTrust.Trusted, []);
                    Proven++;
                    break;
                default:
                    break;
            }
        }

        public void HalfOpen(TrialGate gate)
        {
            if (Phase == BreakerPhase.Open)
            {
                Enter(BreakerPhase.HalfOpen, gate);
            }
        }

        public void Permit(bool ofThisEpoch, TrialGate gate)
        {
            if (ofThisEpoch && Gate is TrialGate.Shut or TrialGate.Wanted)
            {
                Gate = gate;
            }
        }

        public void Withdraw()
        {
            if (Phase == BreakerPhase.HalfOpen && Gate == TrialGate.Granted && Trials == 0)
            {
                Gate = TrialGate.Shut;
            }
        }

        public void Doubt()
        {
            if (Phase == BreakerPhase.Closed && Trust != BreakerTrust.Doubted)
            {
                if (FailuresInARow >= 2)
                {
                    Enter(BreakerPhase.Open);
                    return;
                }

                _stretch = [.. _stretch.TakeLast(FailuresInARow)];
                Trust = BreakerTrust.Doubted;
            }
        }

        public void Clear()
        {
            if (Phase == BreakerPhase.Closed && Trust != BreakerTrust.Trusted)
            {
                (Trust, _stretch) = (BreakerTrust.Trusted, []);
            }
        }

        public void Close()
        {
            if (Phase != BreakerPhase.Closed)
            {
                Enter(BreakerPhase.Closed);
                Trust = BreakerTrust.Doubted;
            }
        }

        public void Expire()
        {
            if (Trials > 0)
            {
                Enter(BreakerPhase.HalfOpen, Gate == TrialGate.Free ? TrialGate.Free : TrialGate.Shut);
            }
        }

        private void Enter(BreakerPhase phase, TrialGate gate = TrialGate.Free)
        {
            _segments.Add((phase, []));
            (Gate, Trust, _stretch) = (gate, BreakerTrust.Trusted, []);
        }
    }
}
