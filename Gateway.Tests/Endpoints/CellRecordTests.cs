using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Endpoints;

/// <summary>What a cell counts and remembers besides its breaker.</summary>
public sealed class CellRecordTests
{
    private readonly EndpointCell _cell = new(TestEndpoints.Id(1), BreakerPolicy.Default, maxInFlight: 2, maxQueued: 1);

    [Fact]
    public void A_failure_is_remembered_once_a_second_and_another_kind_at_once()
    {
        Assert.Null(_cell.LastFailure);
        Remember(FailureReason.Status, 503, "first", 0);
        Remember(FailureReason.Status, 503, "second", 999);
        Assert.Equal(new(FailureReason.Status, 503, "first", TimeSpan.Zero), _cell.LastFailure);
        Remember(FailureReason.Status, 503, "third", 1000);
        Assert.Equal(new(FailureReason.Status, 503, "third", TimeSpan.FromSeconds(1)), _cell.LastFailure);
        Remember(FailureReason.Status, 502, "other status", 1001);
        Assert.Equal("other status", _cell.LastFailure!.Detail);
        Remember(FailureReason.Body, 502, "other\nreason", 1002);
        Assert.Equal("other reason", _cell.LastFailure!.Detail);
        Remember(FailureReason.Body, 502, "again", 2001);
        Assert.Equal("other reason", _cell.LastFailure!.Detail);
    }

    [Fact]
    public void Outcomes_are_counted_by_kind_and_a_head_is_an_answer_before_its_end()
    {
        var lease = Take();
        lease.Headed();
        lease.Headed();
        Assert.Equal((1L, 0L, 1), (_cell.Answers, _cell.Successes, _cell.Waiting + _cell.InFlight));
        lease.Report(Outcome.Success);
        Assert.Equal((2L, 1L, 0L), (_cell.Answers, _cell.Successes, _cell.Failures));
        lease.Headed();
        lease.Release();
        lease = Take();
        lease.Report(Outcome.Failure, FailureReason.Reset);
        lease.Release();
        lease = Take();
        lease.Release();
        Assert.Equal((2L, 1L, 1L, 0, 0), (_cell.Answers, _cell.Successes, _cell.Failures, _cell.InFlight, _cell.Waiting));
    }

    [Fact]
    public void New_settings_apply_at_once_and_keep_what_was_counted()
    {
        var (first, _) = (Take(), Take());
        Assert.Equal(Admission.Full, _cell.TryLease(out _));
        first.Report(Outcome.Failure, FailureReason.Reset);
        _cell.Configure(BreakerPolicy.Default with { Threshold = 2 }, maxInFlight: 3);
        Assert.Equal((3, 2, 1), (_cell.MaxInFlight, _cell.InFlight, _cell.Breaker.Failures));
        var third = Take();
        Assert.Equal(Admission.Full, _cell.TryLease(out _, LeaseOptions.Queue));
        third.Report(Outcome.Failure, FailureReason.Reset);
        Assert.Equal(BreakerPhase.Open, _cell.Breaker.Phase);
    }

    [Fact]
    public void A_lease_is_given_only_if_it_leaves_no_more_in_flight_than_asked_for()
    {
        Assert.Equal(Admission.Full, _cell.TryLease(out _, max: 0));
        Assert.Equal(Admission.Granted, _cell.TryLease(out _, max: 1));
        Assert.Equal(Admission.Full, _cell.TryLease(out _, max: 1));
        Assert.Equal(1, _cell.InFlight);
    }

    [Fact]
    public void A_transition_of_the_actor_gives_the_word_that_is_in_force_then()
    {
        var open = _cell.Transition((word, _) => word.ForceOpen(), 0);
        Assert.Equal((BreakerPhase.Open, open), (open.Phase, _cell.Breaker));
        Assert.Equal(open, _cell.Transition((word, epoch) => word.Permit(epoch, TrialGate.Free), open.Epoch));
    }

    [Fact]
    public void An_empty_lease_has_no_endpoint_and_does_nothing()
    {
        var empty = default(Lease);
        Assert.Throws<InvalidOperationException>(() => empty.Cell);
        empty.Headed();
        empty.Report(Outcome.Success);
        empty.WasProven();
        empty.Release();
    }

    private Lease Take()
    {
        Assert.Equal(Admission.Granted, _cell.TryLease(out var lease));
        return lease;
    }

    private void Remember(FailureReason reason, int status, string detail, int milliseconds) =>
        _cell.Remember(reason, status, detail, TimeSpan.FromMilliseconds(milliseconds));
}
