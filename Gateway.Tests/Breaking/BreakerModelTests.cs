using CsCheck;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

/// <summary>Holds the packed word, in its cell, against a model that remembers every event and counts by looking back.</summary>
public sealed class BreakerModelTests
{
    private static readonly BreakerPolicy Policy = new() { Threshold = 4, HalfOpenMaxCalls = 3, HalfOpenSuccesses = 2 };

    private enum Act
    {
        Lease,
        Report,
        HalfOpen,
        Expire,
        Release,
    }

    [Fact]
    public void Any_sequence_of_leases_and_outcomes_does_what_the_list_of_events_says()
    {
        var step = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 7], Gen.Enum<Outcome>());
        step.Array[1, 120].Sample(steps =>
        {
            var cell = new EndpointCell(TestEndpoints.Id(1), Policy, 1000);
            var model = new Model();
            var leases = new List<(Lease Lease, int Model)>();
            foreach (var (act, index, outcome) in steps)
            {
                switch (act)
                {
                    case Act.Lease:
                        var admission = cell.TryLease(panic: false, out var lease);
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
                        model.HalfOpen();
                        break;
                    case Act.Expire:
                        cell.Transition(static (w, e) => w.ExpireTrials(e), cell.Breaker.Epoch);
                        model.Expire();
                        break;
                    default:
                        break;
                }

                Assert.Equal((model.Phase, model.Trials), (cell.Breaker.Phase, cell.Breaker.Trials));
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

    /// <summary>Slow and obvious: every phase is a segment of the list, and all counts are taken over the present segment.</summary>
    private sealed class Model
    {
        private readonly Dictionary<int, int> _segmentOf = [];
        private readonly HashSet<int> _open = [];
        private readonly List<(BreakerPhase Phase, List<Outcome> Outcomes)> _segments = [(BreakerPhase.Closed, [])];
        private int _ids;

        public BreakerPhase Phase => _segments[^1].Phase;

        public int Trials => Phase == BreakerPhase.HalfOpen ? _open.Count(id => _segmentOf[id] == _segments.Count) : 0;

        public int? Lease()
        {
            if (Phase == BreakerPhase.Open || (Phase == BreakerPhase.HalfOpen && Trials == Policy.HalfOpenMaxCalls))
            {
                return null;
            }

            _segmentOf[++_ids] = _segments.Count;
            _open.Add(_ids);
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
                case BreakerPhase.Closed when outcomes.AsEnumerable().Reverse().TakeWhile(o => o == Outcome.Failure).Count() >= Policy.Threshold:
                    _segments.Add((BreakerPhase.Open, []));
                    break;
                case BreakerPhase.HalfOpen when outcome == Outcome.Failure:
                    _segments.Add((BreakerPhase.Open, []));
                    break;
                case BreakerPhase.HalfOpen when outcomes.Count >= Policy.HalfOpenSuccesses:
                    _segments.Add((BreakerPhase.Closed, []));
                    break;
                default:
                    break;
            }
        }

        public void HalfOpen()
        {
            if (Phase == BreakerPhase.Open)
            {
                _segments.Add((BreakerPhase.HalfOpen, []));
            }
        }

        public void Expire()
        {
            if (Trials > 0)
            {
                _segments.Add((BreakerPhase.HalfOpen, []));
            }
        }
    }
}
