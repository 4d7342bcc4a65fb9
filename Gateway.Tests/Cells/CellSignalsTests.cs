using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Cells;

/// <summary>What a cell tells its actor about trials, and which attempts have no say in the breaker.</summary>
public sealed class CellSignalsTests
{
    private readonly EndpointCell _cell = new(TestEndpoints.Id(1), new() { Threshold = 1 }, maxInFlight: 1000);
    private readonly Recorder _told = new();

    public CellSignalsTests() => _cell.Attach(_told);

    [Fact]
    public void A_trial_that_is_taken_is_reported_with_its_epoch()
    {
        var word = _cell.Transition(static (word, _) => word.Trip().HalfOpen(), 0);
        Assert.Equal(Admission.Granted, _cell.TryLease(out _));
        Assert.Equal([(BreakerEdge.TrialTaken, word.Epoch)], _told.Edges);
    }

    [Fact]
    public void A_permit_of_a_doubted_breaker_is_not_a_trial_to_its_actor()
    {
        _cell.Doubt(true);
        Assert.Equal(Admission.Granted, _cell.TryLease(out var lease));
        Assert.True(lease.IsTrial);
        Assert.Empty(_told.Edges);
    }

    [Fact]
    public void However_many_requests_would_be_trials_one_is_wanted()
    {
        var word = _cell.Transition(static (word, _) => word.Trip().HalfOpen(TrialGate.Shut), 0);
        Assert.Equal(Admission.Refused, _cell.TryLease(out _));
        Assert.Equal(Admission.Refused, _cell.TryLease(out _));
        Assert.Equal([(BreakerEdge.TrialWanted, word.Epoch)], _told.Edges);
        Assert.Equal((0, 0), (_cell.InFlight, _cell.Waiting));
    }

    [Fact]
    public void A_panic_lease_has_no_say_in_trials_that_begin_before_it_ends()
    {
        _cell.Transition(static (word, _) => word.Trip(), 0);
        Assert.Equal(Admission.Granted, _cell.TryLease(out var panic, LeaseOptions.Panic));
        Assert.False(panic.IsTrial);
        var halfOpen = _cell.Transition(static (word, _) => word.HalfOpen(), 0);
        panic.Report(Outcome.Failure, FailureReason.Reset);
        Assert.Equal(halfOpen, _cell.Breaker);
        Assert.Empty(_told.Edges);
    }

    [Fact]
    public void Beyond_the_one_attempt_of_a_doubted_endpoint_a_lease_is_given_to_those_alone_that_insist()
    {
        _cell.Doubt(true);
        Assert.Equal(Admission.Granted, _cell.TryLease(out _));
        Assert.Equal(Admission.Full, _cell.TryLease(out var refused));
        refused.Release();
        Assert.Equal(1, _cell.InFlight);
        Assert.Equal(Admission.Granted, _cell.TryLease(out var insisting, LeaseOptions.Insist));
        Assert.Equal((_cell, false, 2), (insisting.Cell, insisting.IsTrial, _cell.InFlight));
        insisting.Release();
        Assert.Equal(1, _cell.InFlight);
    }

    [Fact]
    public void A_trial_proven_after_its_head_no_longer_waits_and_hides_no_other_that_does()
    {
        _cell.Transition(static (word, _) => word.Trip().HalfOpen(), 0);
        Assert.Equal(Admission.Granted, _cell.TryLease(out var trial));
        trial.Headed();
        trial.Prove();
        trial.WasProven();
        Assert.Equal(0, _cell.Waiting);
        Assert.Equal(Admission.Granted, _cell.TryLease(out _));
        Assert.Equal((1, 2), (_cell.Waiting, _cell.InFlight));
    }

    [Fact]
    public void A_latency_is_remembered()
    {
        _cell.Observe(TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));
        Assert.Equal(20, _cell.Latency.Average.TotalMilliseconds, 3);
    }

    private sealed class Recorder : IEndpointSignals
    {
        public List<(BreakerEdge Edge, uint Epoch)> Edges { get; } = [];

        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason) => Edges.Add((edge, epoch));
    }
}
