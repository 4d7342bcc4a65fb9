using CsCheck;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>Compares the wheel with a list that is searched from end to end.</summary>
public sealed class TimingWheelModelTests
{
    private const int Timers = 12;

    private const int Tick = TimingWheel.TickMilliseconds;

    /// <summary>From one tick to several rounds of 65 s.</summary>
    private static readonly Gen<long> Span =
        Gen.OneOf(Gen.Long[0, 40], Gen.Long[0, 3_000], Gen.Long[60_000, 70_000], Gen.Long[0, 300_000]);

    private static readonly Gen<(int Kind, int Timer, long Span)> Step = Gen.Select(Gen.Frequency((5, 0), (1, 1), (4, 2), (3, 3)), Gen.Int[0, Timers - 1], Span);

    [Fact]
    public void Every_deadline_fires_once_not_before_it_and_no_later_than_a_tick_after_it() =>
        Step.Array[1, 120].Sample(steps =>
        {
            using var model = new Model();
            foreach (var (kind, timer, span) in steps)
            {
                switch (kind)
                {
                    case 0:
                        model.Set(timer, span);
                        break;
                    case 1:
                        model.Remove(timer);
                        break;
                    case 2:
                        model.Advance(span);
                        break;
                    default:
                        model.AdvanceAsAsked();
                        break;
                }
            }

            model.RunOut();
        }, iter: 2_000);

    private sealed class Model : IDisposable
    {
        private readonly EventLoop _loop = new("wheel", TimeProvider.System);
        private readonly LoopTimer[] _timers;
        private readonly long[] _due = new long[Timers];
        private readonly long[] _setAt = new long[Timers];
        private long _now;

        public Model()
        {
            _timers = [.. Enumerable.Range(0, Timers).Select(i => new LoopTimer(_loop, () => Told(i)))];
        }

        public void Set(int timer, long span)
        {
            (_due[timer], _setAt[timer]) = (_now + span + 1, _now);
            _timers[timer].Deadline = _due[timer];
        }

        public void Remove(int timer)
        {
            _due[timer] = 0;
            _timers[timer].Deadline = 0;
            _loop.Wheel.Remove(_timers[timer]);
        }

        public void Advance(long span)
        {
            _now += span;
            _loop.Wheel.Advance(_now);
            for (var i = 0; i < Timers; i++)
            {
                Assert.True(_due[i] == 0 || Slot(i) > _now, $"timer {i}, due {_due[i]}, was not told at {_now}");
                Assert.Equal(_due[i], _timers[i].Deadline);
            }
        }

        public void AdvanceAsAsked()
        {
            var wait = _loop.Wheel.UntilNext(_now);
            var due = _due.Where(d => d != 0).ToList();
            Assert.True(due.Count == 0 || (wait >= 0 && _now + wait <= Math.Max(due.Min(), _now) + Tick), $"asks for {wait} at {_now}, due {string.Join(' ', due)}");
            Advance(Math.Max(0, wait));
        }

        /// <summary>Runs like a loop: each check no sooner than the wheel asks.</summary>
        public void RunOut()
        {
            for (var looks = 0; _due.Any(d => d != 0); looks++)
            {
                Assert.True(looks < 1_000, "the wheel asks for looks and tells nothing");
                AdvanceAsAsked();
            }
        }

        public void Dispose() => _loop.Dispose();

        /// <summary>When the wheel must have fired a timer: at the end of its deadline's tick, or of the tick after it was set.</summary>
        private long Slot(int timer) => Math.Max((_due[timer] + Tick - 1) / Tick, (_setAt[timer] / Tick) + 1) * Tick;

        private void Told(int timer)
        {
            Assert.True(_due[timer] != 0, $"timer {timer} was told without a deadline, or twice");
            Assert.True(_due[timer] <= _now, $"timer {timer}, due {_due[timer]}, was told at {_now}");
            _due[timer] = 0;
        }
    }
}
