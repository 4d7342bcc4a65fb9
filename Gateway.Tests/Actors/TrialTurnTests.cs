using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Grants;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Grants;
using Gateway.Core.Membership;
using Gateway.Core.Outcomes;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Actors;

/// <summary>A replica, r0, with an endpoint ejected by its breaker; the test plays the others, one of which grants its trials.</summary>
public sealed class TrialTurnTests : ActorTest
{
    private ReplicaId Granter => Core.Grants.Granter.Of(Broken.Id, Views.Current)!.Value;

    private Endpoint Broken => EndpointAt(_number);

    private int _number;

    [Fact]
    public async Task A_request_that_would_be_a_trial_asks_for_leave_and_the_next_one_is_the_trial()
    {
        var ask = await WantAsync();
        Assert.Equal((Broken.Id, TimeSpan.FromSeconds(30)), (ask.Endpoint, ask.Timeout));
        var trial = await GrantAsync(ask);
        Assert.Equal(Admission.Refused, Broken.Cell.TryLease(out _));
        await ToldAsync<GrantUsed>();

        trial.Report(Outcome.Failure, FailureReason.Reset);
        trial.Release();
        Assert.Equal(GrantEnd.Failed, (await ToldAsync<GrantEnded>()).How);
        Assert.Equal(BreakerPhase.Open, Broken.Cell.Breaker.Phase);
    }

    [Fact]
    public async Task A_trial_that_succeeds_is_sent_to_all_and_the_endpoint_eased_in()
    {
        var trial = await GrantAsync(await WantAsync());
        trial.Report(Outcome.Success);
        trial.Release();
        Assert.Equal(GrantEnd.Succeeded, (await ToldAsync<GrantEnded>()).How);
        await ToldAsync<EndpointProven>();
        await SettleAsync();
        Assert.Equal(BreakerTrust.Trusted, Broken.Cell.Breaker.Trust);
        await AssertEasedAsync();
    }

    [Fact]
    public async Task Leave_that_no_request_uses_is_returned_after_a_second_and_asked_for_anew()
    {
        var ask = await WantAsync();
        Say(new GrantGiven(Broken.Id, ask.Ticket));
        await SettleAsync();
        await AdvanceAsync(EndpointDecision.UnusedGrant);
        Assert.Equal(GrantEnd.Returned, (await ToldAsync<GrantEnded>()).How);
        Assert.NotEqual(ask.Ticket, (await SeekAsync()).Ticket);
    }

    [Fact]
    public async Task A_trial_that_ends_without_an_outcome_leaves_the_leave_for_another()
    {
        var trial = await GrantAsync(await WantAsync());
        trial.Release();
        await SettleAsync();
        Assert.Equal(Admission.Granted, Broken.Cell.TryLease(out var second));
        Assert.True(second.IsTrial);
    }

    [Fact]
    public async Task A_trial_that_never_reports_ends_the_turn()
    {
        await GrantAsync(await WantAsync());
        await SettleAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(GrantEnd.Failed, (await ToldAsync<GrantEnded>()).How);
        Assert.Equal((1, TrialGate.Shut), (Observer.Lost, Broken.Cell.Breaker.Gate));
    }

    [Fact]
    public async Task Another_replicas_success_closes_the_breaker_and_three_own_successes_in_a_row_end_the_doubt()
    {
        var ask = await WantAsync();
        Say(new EndpointProven(Broken.Id));
        await SettleAsync();
        Assert.Equal(new GrantEnded(Broken.Id, ask.Ticket, GrantEnd.Returned), await ToldAsync<GrantEnded>());
        Assert.Equal((BreakerPhase.Closed, BreakerTrust.Doubted), (Broken.Cell.Breaker.Phase, Broken.Cell.Breaker.Trust));
        Answer(Outcome.Success, Outcome.Success);
        Assert.Equal(BreakerTrust.Proving, Broken.Cell.Breaker.Trust);
        Answer(Outcome.Success);
        Assert.Equal(BreakerTrust.Trusted, Broken.Cell.Breaker.Trust);
        await SettleAsync();
        Assert.False(Broken.Status.DoubtsTraffic);
        Answer(Outcome.Failure, Outcome.Failure, Outcome.Failure, Outcome.Failure);
        Assert.Equal(BreakerPhase.Closed, Broken.Cell.Breaker.Phase);
        Answer(Outcome.Success);
        await AssertEasedAsync();
    }

    [Fact]
    public async Task Another_replicas_success_closes_the_breaker_and_the_first_failure_opens_it_again()
    {
        await WantAsync();
        Say(new EndpointProven(Broken.Id));
        await SettleAsync();
        Answer(Outcome.Failure);
        await SettleAsync();
        Assert.Equal((BreakerPhase.Open, true, null), (Broken.Cell.Breaker.Phase, Broken.Status.Confirms, Broken.Status.EasedFrom));
    }

    [Fact]
    public async Task A_replica_whose_own_probes_fail_does_not_believe_the_success_of_another()
    {
        await TripAsync();
        Probe.Sicken(_number);
        for (var i = 0; i < 4; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(6));
            await Observer.ProbeOfAsync(_number);
            await SettleAsync();
        }

        var phase = Broken.Cell.Breaker.Phase;
        Say(new EndpointProven(Broken.Id));
        await SettleAsync();
        Assert.Equal(phase, Broken.Cell.Breaker.Phase);
        Assert.NotEqual(BreakerPhase.Closed, phase);
    }

    [Fact]
    public async Task A_granter_that_does_not_answer_leaves_trials_to_the_breakers_own_limit()
    {
        await WantAsync();
        await AdvanceAsync(GrantClaim.ReplyTimeout + GrantsActor.TickInterval);
        Assert.Equal(TrialGate.Free, Broken.Cell.Breaker.Gate);
    }

    [Fact]
    public async Task A_grant_lost_in_a_crash_of_the_asking_actor_is_requested_again()
    {
        await WantAsync();
        Grants.Tell(new ClusterChanged(null!)); // Like a defect in it: it is restarted.
        await Grants.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await ToldAsync<AskGrant>();
    }

    /// <summary>Half-opens the breaker, with three replicas: r0 and two more.</summary>
    private async Task TripAsync()
    {
        await ConfigureAsync(Settings(12));
        await Observer.ProbesAsync(12);
        await ClusterAsync(null, null, null);
        _number = Enumerable.Range(1, 12).First(i => Core.Grants.Granter.Of(TestEndpoints.Id(i), Views.Current) != Views.Current.Self.Id);
        await AdvanceAsync(GrantBook.Settling);
        while (Broken.Cell.TryLease(out var lease) == Admission.Granted)
        {
            lease.Report(Outcome.Failure, FailureReason.Reset);
            lease.Release();
        }

        await SettleAsync();
    }

    private async Task<AskGrant> WantAsync()
    {
        await TripAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((BreakerPhase.HalfOpen, TrialGate.Shut), (Broken.Cell.Breaker.Phase, Broken.Cell.Breaker.Gate));
        return await SeekAsync();
    }

    private async Task<AskGrant> SeekAsync()
    {
        Assert.Equal(Admission.Refused, Broken.Cell.TryLease(out _));
        return await ToldAsync<AskGrant>();
    }

    private async Task<Lease> GrantAsync(AskGrant ask)
    {
        Say(new GrantGiven(Broken.Id, ask.Ticket));
        await SettleAsync();
        Assert.Equal(Admission.Granted, Broken.Cell.TryLease(out var trial));
        Assert.True(trial.IsTrial);
        return trial;
    }

    /// <summary>Ends attempts one after another.</summary>
    private void Answer(params Outcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            Assert.Equal(Admission.Granted, Broken.Cell.TryLease(out var lease));
            lease.Report(outcome);
            lease.Release();
        }
    }

    /// <summary>Asserts a tenth of its share at first, and all of it ten seconds later.</summary>
    private async Task AssertEasedAsync()
    {
        Assert.Equal(BreakerPhase.Closed, Broken.Cell.Breaker.Phase);
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        Assert.InRange(Share(), 1, 30);
        await AdvanceAsync(SlowStart.AfterTrials.Window);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(Share(), 90, 110);
    }

    /// <summary>Its share of 1200 picks among 12 endpoints.</summary>
    private int Share()
    {
        var count = 0;
        for (var i = 0; i < 1200; i++)
        {
            var lease = Pick((ulong)i * 7919).Lease;
            count += lease.Cell == Broken.Cell ? 1 : 0;
            lease.Report(Outcome.Success);
            lease.Release();
        }

        return count;
    }

    private void Say(IGrantMessage message) => Sys.EventStream.Publish(new FromReplica<IGrantMessage>(Granter, message));
}
