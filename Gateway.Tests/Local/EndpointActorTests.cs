using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Tests.Actors;

namespace Gateway.Tests.Local;

public sealed class EndpointActorTests : ActorTest
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_trip_is_seen_by_the_very_next_pick_and_told_to_the_actor_once()
    {
        await StartAsync(2);
        Trip(EndpointAt(1));
        Assert.Equal([TestEndpoints.Address(2)], Picked());
        await SettleAsync();
        Assert.Equal([(BreakerPhase.Closed, BreakerPhase.Open)], Observer.BreakerMoves);
    }

    [Fact]
    public async Task After_the_break_a_trial_closes_the_breaker()
    {
        await StartAsync(2);
        Trip(EndpointAt(1));
        await SettleAsync();
        await AdvanceAsync(Break - TimeSpan.FromMilliseconds(1));
        Assert.Equal(BreakerPhase.Open, EndpointAt(1).Cell.Breaker.Phase);
        await AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(BreakerPhase.HalfOpen, EndpointAt(1).Cell.Breaker.Phase);

        Assert.Equal(Admission.Granted, EndpointAt(1).Cell.TryLease(out var trial));
        trial.Report(Outcome.Success);
        trial.Release();
        await SettleAsync();
        Assert.Equal(BreakerPhase.Closed, EndpointAt(1).Status.Breaker);
        Assert.Equal(
            [(BreakerPhase.Closed, BreakerPhase.Open), (BreakerPhase.Open, BreakerPhase.HalfOpen), (BreakerPhase.HalfOpen, BreakerPhase.Closed)],
            Observer.BreakerMoves);
    }

    [Fact]
    public async Task A_failed_trial_doubles_the_break()
    {
        await StartAsync(1);
        Trip(EndpointAt(1));
        await SettleAsync();
        await AdvanceAsync(Break);
        EndpointAt(1).Cell.TryLease(out var trial);
        trial.Report(Outcome.Failure);
        trial.Release();
        await SettleAsync();
        await AdvanceAsync(2 * Break - TimeSpan.FromMilliseconds(1));
        Assert.Equal(BreakerPhase.Open, EndpointAt(1).Cell.Breaker.Phase);
        await AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(BreakerPhase.HalfOpen, EndpointAt(1).Cell.Breaker.Phase);
    }

    [Fact]
    public async Task A_trial_that_never_reports_loses_its_permit_after_the_request_timeout()
    {
        await StartAsync(1);
        Trip(EndpointAt(1));
        await SettleAsync();
        await AdvanceAsync(Break);
        var cell = EndpointAt(1).Cell;
        cell.TryLease(out var hung);
        await SettleAsync();
        Assert.Equal(1, cell.Breaker.Trials);
        await AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((0, BreakerPhase.HalfOpen, 1), (cell.Breaker.Trials, cell.Breaker.Phase, Observer.Lost));

        hung.Report(Outcome.Success);
        hung.Release();
        Assert.Equal((BreakerPhase.HalfOpen, 0), (cell.Breaker.Phase, cell.InFlight));
    }

    [Fact]
    public async Task Three_failed_probes_take_it_out_and_two_passes_bring_it_back()
    {
        await StartAsync(2);
        Probe.Sicken(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Observer.ProbesAsync(2);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Observer.ProbesAsync(1);
        Assert.Equal(2, Picked().Count);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal([TestEndpoints.Address(2)], Picked());

        Probe.Heal(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Observer.ProbesAsync(2);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal(2, Picked().Count);
    }

    [Fact]
    public async Task A_verdict_that_turns_healthy_half_opens_the_breaker_at_once()
    {
        Probe.Sicken(1);
        await StartAsync(1);
        Assert.Equal(Verdict.Unhealthy, EndpointAt(1).Status.Verdict.Verdict);
        Trip(EndpointAt(1));
        await SettleAsync();
        Probe.Heal(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Observer.ProbesAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal((Verdict.Healthy, BreakerPhase.HalfOpen), (EndpointAt(1).Status.Verdict.Verdict, EndpointAt(1).Cell.Breaker.Phase));
    }

    [Fact]
    public async Task An_actor_that_crashes_goes_on_with_its_configuration_its_cell_and_its_verdict_while_traffic_goes_on()
    {
        await StartAsync(2);
        var endpoint = EndpointAt(1);
        endpoint.Cell.TryLease(out var inFlight);
        Trip(endpoint);
        await SettleAsync();
        var epoch = endpoint.Cell.Breaker.Epoch;

        Observer.CrashOnce();
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Observer.ProbesAsync(2);
        Assert.Equal([TestEndpoints.Address(2)], Picked());

        // The restarted actor probes immediately, and still ends the current break.
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Same(endpoint, EndpointAt(1));
        Assert.Equal((Verdict.Healthy, epoch, 1), (endpoint.Status.Verdict.Verdict, endpoint.Cell.Breaker.Epoch, endpoint.Cell.InFlight));
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(BreakerPhase.HalfOpen, endpoint.Cell.Breaker.Phase);
        inFlight.Release();
        Assert.Equal(0, endpoint.Cell.InFlight);
    }

    [Fact]
    public async Task A_failure_rate_above_the_policys_trips_it_although_failures_never_come_in_a_row()
    {
        var settings = Settings(1);
        await ConfigureAsync(settings with { Breaker = new() { FailureRatePercent = 50, FailureRateMinimum = 10 } });
        await Observer.ProbesAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++)
        {
            EndpointAt(1).Cell.TryLease(out var lease);
            lease.Report(i % 2 == 0 ? Outcome.Failure : Outcome.Success);
            lease.Release();
        }

        Assert.Equal(BreakerPhase.Closed, EndpointAt(1).Cell.Breaker.Phase);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(BreakerPhase.Open, EndpointAt(1).Cell.Breaker.Phase);
    }

    private async Task StartAsync(int endpoints)
    {
        await ConfigureAsync(Settings(endpoints));
        await Observer.ProbesAsync(endpoints);
        await SettleAsync();
    }

    private static void Trip(Endpoint endpoint)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Admission.Granted, endpoint.Cell.TryLease(out var lease));
            lease.Report(Outcome.Failure, FailureReason.Reset);
            lease.Release();
        }
    }
}
