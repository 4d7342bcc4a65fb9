using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Cells;

public sealed class EndpointCellTests
{
    [Fact]
    public void A_lease_reports_and_releases_once_however_often_it_is_completed()
    {
        var cell = Cell(threshold: 2);
        Assert.Equal(Admission.Granted, cell.TryLease(out var lease));
        lease.Report(Outcome.Failure);
        lease.Report(Outcome.Failure);
        lease.Release();
        lease.Release();
        lease.Report(Outcome.Failure);
        Assert.Equal((0, 1, 1L, BreakerPhase.Closed), (cell.InFlight, cell.Breaker.Failures, cell.Failures, cell.Breaker.Phase));
    }

    [Fact]
    public void A_trial_that_is_released_without_a_report_gives_its_permit_back()
    {
        var cell = HalfOpen();
        cell.TryLease(out var lease);
        Assert.True(lease.IsTrial);
        Assert.Equal(1, cell.Breaker.Trials);
        lease.Release();
        Assert.Equal((0, 0, BreakerPhase.HalfOpen), (cell.Breaker.Trials, cell.InFlight, cell.Breaker.Phase));
    }

    [Fact]
    public void A_trials_permit_ends_with_its_report_and_its_slot_with_its_release()
    {
        var cell = HalfOpen(successes: 2);
        cell.TryLease(out var lease);
        lease.Report(Outcome.Success);
        Assert.Equal((0, 1), (cell.Breaker.Trials, cell.InFlight));
        lease.Release();
        Assert.Equal(0, cell.InFlight);
    }

    [Fact]
    public void A_trial_that_is_proven_while_it_goes_on_gives_its_permit_back_once()
    {
        var cell = Cell(threshold: 1);
        cell.TryLease(out var failing);
        failing.Report(Outcome.Failure);
        failing.Release();
        cell.Transition((word, _) => word.HalfOpen(), 0);
        cell.TryLease(out var trial);
        Assert.Equal((true, 1), (trial.IsTrial, cell.Breaker.Trials));

        trial.Prove();
        trial.WasProven();
        Assert.Equal((BreakerPhase.Closed, 0, 1), (cell.Breaker.Phase, cell.Breaker.Trials, cell.InFlight));
        trial.Report(Outcome.Failure);
        trial.Release();
        Assert.Equal((0, 0, 1L, 1L), (cell.InFlight, cell.Breaker.Failures, cell.Successes, cell.Failures));
    }

    [Fact]
    public void Waiting_attempts_are_those_begun_and_not_reported_however_they_end()
    {
        var cell = Cell(threshold: 50);
        var leases = new Lease[6];
        for (var i = 0; i < leases.Length; i++)
        {
            cell.TryLease(out leases[i]);
        }

        Assert.Equal((6, 6), (cell.Waiting, cell.InFlight));
        leases[0].Report(Outcome.Success);
        leases[1].Report(Outcome.Failure);
        leases[2].Report(Outcome.Ignored);
        Assert.Equal((3, 6), (cell.Waiting, cell.InFlight));
        leases[3].Headed();
        leases[4].Headed();
        Assert.Equal((1, 6), (cell.Waiting, cell.InFlight)); // A streamed body does not wait.
        leases[3].Report(Outcome.Failure, FailureReason.Body);
        Assert.Equal((1, 6), (cell.Waiting, cell.InFlight));
        foreach (ref var lease in leases.AsSpan())
        {
            lease.Release();
        }

        Assert.Equal((0, 0), (cell.Waiting, cell.InFlight));
    }

    [Fact]
    public void After_any_number_of_attempts_from_many_threads_nothing_waits()
    {
        var cell = new EndpointCell(TestEndpoints.Id(1), new() { Threshold = BreakerPolicy.MaxCount }, maxInFlight: 2);
        Parallel.For(0, 50_000, i =>
        {
            if (cell.TryLease(out var lease) == Admission.Granted)
            {
                if (i % 7 == 0)
                {
                    lease.Headed();
                }

                lease.Report((Outcome)(i % 3));
                lease.Release();
            }
        });
        Assert.Equal((0, 0), (cell.Waiting, cell.InFlight));
    }

    [Fact]
    public void At_the_connection_limit_it_is_full_not_refused()
    {
        var cell = new EndpointCell(TestEndpoints.Id(1), BreakerPolicy.Default, maxInFlight: 1);
        Assert.Equal(Admission.Granted, cell.TryLease(out var lease));
        Assert.Equal(Admission.Full, cell.TryLease(out _));
        lease.Release();
        Assert.Equal(Admission.Granted, cell.TryLease(out _));
        Assert.Equal(1, cell.InFlight);
    }

    [Fact]
    public void Beyond_the_limit_as_many_may_wait_as_the_queue_has_room_for()
    {
        var cell = new EndpointCell(TestEndpoints.Id(1), BreakerPolicy.Default, maxInFlight: 1, maxQueued: 2);
        Assert.Equal(Admission.Granted, cell.TryLease(out var lease));
        Assert.Equal(Admission.Granted, cell.TryLease(out _, LeaseOptions.Queue));
        Assert.Equal(Admission.Granted, cell.TryLease(out _, LeaseOptions.Queue));
        Assert.Equal((Admission.Full, 3), (cell.TryLease(out _, LeaseOptions.Queue), cell.InFlight));
        lease.Release();
        Assert.Equal(Admission.Full, cell.TryLease(out _)); // One of those that waited has the room.
        Assert.Equal(Admission.Granted, cell.TryLease(out _, LeaseOptions.Queue));
    }

    [Fact]
    public void A_doubted_endpoint_has_room_for_one_attempt_until_one_succeeds_unless_somebody_insists()
    {
        var cell = Cell(threshold: 5);
        cell.TryLease(out var before);
        cell.Doubt(true);
        Assert.Equal(Admission.Granted, cell.TryLease(out var first));
        Assert.Equal((Admission.Full, 2), (cell.TryLease(out _), cell.InFlight));
        before.Report(Outcome.Success); // It began before the doubt, so it proves nothing.
        Assert.Equal(Admission.Full, cell.TryLease(out _));
        Assert.Equal(Admission.Granted, cell.TryLease(out var insisting, LeaseOptions.Insist));
        insisting.Report(Outcome.Success);
        Assert.Equal(Admission.Full, cell.TryLease(out _));

        first.Release(); // Without an outcome: the next one is admitted.
        Assert.Equal(Admission.Granted, cell.TryLease(out var second));
        second.Report(Outcome.Success);
        Assert.Equal(Admission.Granted, cell.TryLease(out _));
        Assert.Equal(Admission.Granted, cell.TryLease(out _));
    }

    [Theory]
    [InlineData(Outcome.Failure, BreakerPhase.Open)]
    [InlineData(Outcome.Success, BreakerPhase.Closed)]
    public void A_doubted_endpoint_whose_last_two_attempts_failed_trips_without_another(Outcome last, BreakerPhase phase)
    {
        var cell = Cell(threshold: 5);
        var recorder = new Recorder();
        cell.Attach(recorder);
        foreach (var outcome in (Outcome[])[Outcome.Failure, last])
        {
            cell.TryLease(out var lease);
            lease.Report(outcome);
            lease.Release();
        }

        cell.Doubt(true);
        Assert.Equal(phase, cell.Breaker.Phase);
        Assert.Equal(phase == BreakerPhase.Open ? 1 : 0, recorder.Tripped);
    }

    [Fact]
    public void A_panic_lease_of_an_open_breaker_moves_nothing()
    {
        var cell = Cell(threshold: 1);
        cell.TryLease(out var first);
        first.Report(Outcome.Failure);
        first.Release();
        var open = cell.Breaker;
        Assert.Equal(Admission.Refused, cell.TryLease(out _));
        Assert.Equal(Admission.Granted, cell.TryLease(out var panic, LeaseOptions.Panic));
        panic.Report(Outcome.Success);
        panic.Release();
        Assert.Equal((open, 0), (cell.Breaker, cell.InFlight));
    }

    [Fact]
    public void Many_threads_trip_it_exactly_once_and_leave_nothing_behind()
    {
        var signals = new Recorder();
        var cell = Cell(threshold: 5);
        cell.Attach(signals);
        Parallel.For(0, 10_000, _ =>
        {
            if (cell.TryLease(out var lease) == Admission.Granted)
            {
                lease.Report(Outcome.Failure, FailureReason.Reset);
                lease.Release();
            }
        });
        Assert.Equal(1, signals.Tripped);
        Assert.Equal((0, BreakerPhase.Open, 1u), (cell.InFlight, cell.Breaker.Phase, cell.Breaker.Epoch));
    }

    [Fact]
    public void Many_threads_never_hold_more_permits_than_the_limit()
    {
        var cell = HalfOpen(successes: BreakerPolicy.MaxCount);
        var (out_, most) = (0, 0);
        Parallel.For(0, 20_000, i =>
        {
            if (cell.TryLease(out var lease) == Admission.Granted)
            {
                var now = Interlocked.Increment(ref out_);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref out_);
                lease.Report(i % 2 == 0 ? Outcome.Ignored : Outcome.Success);
                lease.Release();
            }
        });
        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (cell.InFlight, cell.Breaker.Trials));
    }

    private static EndpointCell Cell(int threshold) => new(TestEndpoints.Id(1), new() { Threshold = threshold }, 1000);

    private static EndpointCell HalfOpen(int successes = 1)
    {
        var cell = new EndpointCell(TestEndpoints.Id(1), new() { HalfOpenSuccesses = successes }, 1000);
        cell.Transition(static (w, _) => w.Trip().HalfOpen(), 0);
        return cell;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) == seen ? value : Volatile.Read(ref target);
        }
    }

    private sealed class Recorder : IEndpointSignals
    {
        private int _tripped;

        public int Tripped => _tripped;

        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
        {
            if (edge is BreakerEdge.Tripped or BreakerEdge.TrippedInDoubt)
            {
                Interlocked.Increment(ref _tripped);
            }
        }
    }
}
