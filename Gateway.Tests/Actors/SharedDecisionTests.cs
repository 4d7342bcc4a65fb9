using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Actors;

/// <summary>A replica's decisions from the others' evidence: r1 and up to five more in its zone a, r11 and r12 in zone b.</summary>
public sealed class SharedDecisionTests : EvidenceTest
{
    [Fact]
    public async Task A_report_from_another_zone_holds_the_endpoint_until_a_probe_of_ones_own_has_looked()
    {
        await StartAsync(4);
        await JoinAsync(Cast.Replica(11, "b"));
        var speak = Probe.Silence(1);
        await SaysAsync(11, 1, Cast.Tripped);
        Assert.Equal((DecisionKind.Suspect, DecisionReason.Reported), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        Assert.Equal("r11", Assert.Single(DecisionOn(1).PeerOpinions).Name);
        Assert.DoesNotContain(TestEndpoints.Address(1), Picked());

        speak();
        await Observer.ProbesAsync(1);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(ProbeReason.Verification, Observer.ProbeReasons.Last());
        Assert.Equal(4, Picked().Count);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
        Assert.Equal(1, Exhaust(EndpointAt(1)));
    }

    [Fact]
    public async Task A_hold_ends_when_no_probe_has_come_to_a_result_in_the_time_that_one_can_take()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        var speak = Probe.Silence(1);
        await SaysAsync(11, 1, Cast.Tripped);
        Assert.Equal([TestEndpoints.Address(2)], Picked());
        for (var i = 0; i < 6; i++)
        {
            await SecondAsync();
            Assert.Equal([TestEndpoints.Address(2)], Picked());
        }

        await SecondAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, Picked().Count);
        speak();
        await Observer.ProbesAsync(1);
    }

    [Fact]
    public async Task A_report_of_what_has_just_failed_here_too_trips_without_another_attempt()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        Attempt(EndpointAt(1), Outcome.Failure);
        Attempt(EndpointAt(1), Outcome.Failure);
        Assert.Equal((BreakerPhase.Closed, 2), (EndpointAt(1).Cell.Breaker.Phase, Picked().Count));
        await SaysAsync(11, 1, Cast.Tripped);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal((DecisionKind.Ejected, DecisionReason.OwnBreaker), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        Assert.Equal([TestEndpoints.Address(2)], Picked());
    }

    [Fact]
    public async Task Once_a_hold_is_over_one_attempt_at_a_time_is_let_through_until_one_succeeds_and_again_after_the_next_report()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        var cell = EndpointAt(1).Cell;
        for (var report = 0; report < 2; report++)
        {
            await SaysAsync(11, 1, Cast.Tripped);
            await Observer.ProbesAsync(1);
            await AdvanceAsync(TimeSpan.FromMilliseconds(10));
            Assert.Equal(Admission.Granted, cell.TryLease(out var first));
            Assert.Equal(Admission.Full, cell.TryLease(out _));
            first.Report(Outcome.Success);
            Assert.Equal(Admission.Granted, cell.TryLease(out var second));
            Assert.Equal(Admission.Granted, cell.TryLease(out var third));
            first.Release();
            second.Release();
            third.Release();
            await SaysAsync(11, 1, Cast.Good);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_held_endpoint_is_picked_if_no_other_is_available()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        Probe.Silence(1);
        await SaysAsync(11, 1, Cast.Tripped);
        Exhaust(EndpointAt(2));
        Assert.Equal([TestEndpoints.Address(1)], Picked());
    }

    [Fact]
    public async Task A_verifying_probe_that_fails_takes_it_out_at_once()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        Probe.Sicken(1);
        await SaysAsync(11, 1, Cast.Sick);
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal((DecisionKind.Ejected, DecisionReason.OwnProbe), (DecisionOn(1).Kind, DecisionOn(1).Reason));
    }

    [Fact]
    public async Task Three_own_successes_of_traffic_dismiss_a_report_of_traffic()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        await SaysAsync(11, 1, Cast.Tripped);
        await Observer.ProbesAsync(1);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(EndpointAt(1).Status.Suspicion.Reported);
            Attempt(EndpointAt(1), Outcome.Success);
        }

        await SettleAsync();
        Assert.Equal((DecisionKind.Available, DecisionReason.Own), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        Assert.Equal(5, Exhaust(EndpointAt(1)));
    }

    [Fact]
    public async Task A_replica_that_does_not_own_an_endpoint_follows_the_majority_of_its_zone_and_stops_probing_it()
    {
        var (others, owned) = await OwnedByOthersAsync();
        foreach (var owner in others)
        {
            await SaysAsync(owner, owned, Cast.Good);
        }

        Assert.Equal((DecisionKind.Available, DecisionReason.Zone), (DecisionOn(owned).Kind, DecisionOn(owned).Reason));
        var before = Probe.CountOf(owned);
        for (var i = 0; i < 30; i++)
        {
            await SecondAsync();
        }

        Assert.Equal(before, Probe.CountOf(owned));

        await SaysAsync(others[0], owned, Cast.Sick);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(owned).Kind);
        await SaysAsync(others[1], owned, Cast.Sick);
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Zone), (DecisionOn(owned).Kind, DecisionOn(owned).Reason));
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.DoesNotContain(TestEndpoints.Address(owned), Picked());
        Assert.Equal(before, Probe.CountOf(owned));
    }

    [Fact]
    public async Task When_the_owners_cannot_be_reached_the_last_decision_stands_and_a_new_owner_goes_on_from_it()
    {
        var (others, owned) = await OwnedByOthersAsync();
        await SaysAsync(others[0], owned, Cast.Sick);
        await SaysAsync(others[1], owned, Cast.Sick);
        Assert.Equal(DecisionKind.Ejected, DecisionOn(owned).Kind);

        var speak = Probe.Silence(owned);
        await JoinAsync([.. Enumerable.Range(2, 5).Select(i => Cast.Replica(i, reachable: false))]);
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Unknown), (DecisionOn(owned).Kind, DecisionOn(owned).Reason));

        // Alive again: as after any ejection, two passes are needed.
        speak();
        await Observer.ProbeOfAsync(owned);
        await SettleAsync();
        Assert.Equal(Verdict.Unhealthy, EndpointAt(owned).Status.Verdict.Verdict);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Observer.ProbeOfAsync(owned);
        await SettleAsync();
        Assert.Equal((DecisionKind.Available, DecisionReason.Own), (DecisionOn(owned).Kind, DecisionOn(owned).Reason));
    }

    [Fact]
    public async Task Stale_evidence_is_as_if_absent()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        await SaysAsync(11, 1, Cast.Tripped);
        await Observer.ProbesAsync(1);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
        await AdvanceAsync(EvidenceBook.FreshFor);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal((DecisionKind.Available, DecisionReason.Own), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        await SaysAsync(11, 2, Cast.Good);
        Assert.Equal(DecisionKind.Suspect, DecisionOn(1).Kind);
    }

    [Fact]
    public async Task Others_word_takes_no_more_than_half_of_a_pool_and_what_it_leaves_trips_at_the_first_failure()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(11, "b"));
        Probe.Silence(1);
        Probe.Silence(2);
        await SaysAsync(11, 1, Cast.Tripped);
        await SaysAsync(11, 2, Cast.Tripped);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal([TestEndpoints.Address(2)], Picked());
        Assert.Equal(
            [(TestEndpoints.Id(1), Standing.Held, true), (TestEndpoints.Id(2), Standing.Held, false)], Observer.Claims);
        Assert.Equal(1, Exhaust(EndpointAt(2)));
    }

    [Fact]
    public async Task A_breaker_that_a_zones_verdict_kept_open_is_ready_for_trials_when_the_zone_says_healthy()
    {
        var (others, owned) = await OwnedByOthersAsync();
        foreach (var owner in others)
        {
            await SaysAsync(owner, owned, Cast.Good);
        }

        Exhaust(EndpointAt(owned));
        await SaysAsync(others[0], owned, Cast.Sick);
        await SaysAsync(others[1], owned, Cast.Sick);
        for (var i = 0; i < 12; i++)
        {
            await SecondAsync();
        }

        Assert.Equal(BreakerPhase.Open, EndpointAt(owned).Cell.Breaker.Phase);
        await SaysAsync(others[0], owned, Cast.Good);
        await SaysAsync(others[1], owned, Cast.Good);
        Assert.Equal(BreakerPhase.HalfOpen, EndpointAt(owned).Cell.Breaker.Phase);
    }

    [Fact]
    public async Task A_replica_that_starts_holds_what_the_others_know_to_be_bad_until_its_own_first_probe()
    {
        await JoinAsync(Cast.Replica(11, "b"), Cast.Replica(12, "b"));
        await SaysAsync(11, 1, Cast.Tripped);
        var speak = Probe.Silence(1);
        await ConfigureAsync(Settings(4));
        await Observer.ProbesAsync(3);
        await AdvanceAsync(TimeSpan.FromMilliseconds(20));
        Assert.Equal((DecisionKind.Suspect, DecisionReason.Unverified), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        Assert.DoesNotContain(TestEndpoints.Address(1), Picked());
        speak();
        await Observer.ProbesAsync(1);
    }

    /// <summary>Six replicas in the zone, and an endpoint of twelve that is owned by two of the others.</summary>
    private async Task<(int[] Owners, int Endpoint)> OwnedByOthersAsync()
    {
        await StartAsync(12);
        await JoinAsync([.. Enumerable.Range(2, 5).Select(i => Cast.Replica(i))]);
        var zone = Enumerable.Range(1, 6).Select(i => Cast.Id(i)).ToList();
        var endpoint = Enumerable.Range(1, 12).First(i => !ProbeOwners.Of(TestEndpoints.Address(i), zone).Contains(Cast.Id(1)));
        var owners = ProbeOwners.Of(TestEndpoints.Address(endpoint), zone);
        return ([.. Enumerable.Range(2, 5).Where(i => owners.Contains(Cast.Id(i)))], endpoint);
    }
}
