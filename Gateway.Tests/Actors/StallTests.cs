using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Outcomes;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Actors;

/// <summary>An endpoint that leaves all requests waiting, in virtual time.</summary>
public sealed class StallTests : EvidenceTest
{
    /// <summary>One check that finds waiting requests, four that make a second, and one for the rounding of the test's clock.</summary>
    private const int Enough = 6;

    [Fact]
    public async Task After_a_second_without_an_answer_it_is_suspect_and_gets_nothing_until_a_probe_has_looked()
    {
        await StartAsync(3);
        var waiting = Begin(EndpointAt(1), 3);
        var speak = Probe.Silence(1);
        await LooksAsync(4);
        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
        Assert.Equal(3, Picked().Count);
        await LooksAsync(Enough - 4);
        Assert.Equal((DecisionKind.Suspect, DecisionReason.Stalled), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        Assert.DoesNotContain(TestEndpoints.Address(1), Picked());

        speak();
        await Observer.ProbesAsync(1);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(ProbeReason.Verification, Observer.ProbeReasons.Last());
        Assert.Equal(3, Picked().Count); // One attempt at a time, like any suspect.
        Assert.True(EndpointAt(1).Cell.Breaker.IsDoubted);
        End(waiting);
    }

    [Fact]
    public async Task One_answer_ends_it()
    {
        await StartAsync(3);
        Probe.Silence(1);
        var waiting = Begin(EndpointAt(1), 3);
        await LooksAsync(Enough);
        Assert.DoesNotContain(TestEndpoints.Address(1), Picked());
        waiting[0].Report(Outcome.Success);
        await LooksAsync(1);
        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
        Assert.Equal((BreakerTrust.Trusted, 3), (EndpointAt(1).Cell.Breaker.Trust, Picked().Count));
        End(waiting);
    }

    [Fact]
    public async Task A_probe_that_is_not_answered_either_ejects_it()
    {
        await StartAsync(3);
        Probe.Sicken(1);
        var waiting = Begin(EndpointAt(1), 3);
        await LooksAsync(Enough);
        await Observer.ProbesAsync(1);
        await SettleAsync();
        Assert.Equal((DecisionKind.Ejected, DecisionReason.OwnProbe), (DecisionOn(1).Kind, DecisionOn(1).Reason));
        End(waiting);
    }

    [Fact]
    public async Task Two_that_time_out_open_the_breaker_and_that_is_news_to_the_others()
    {
        await StartAsync(3);
        await JoinAsync(Cast.Replica(11, "b"));
        var waiting = Begin(EndpointAt(1), 3);
        await LooksAsync(Enough);
        Assert.Equal((DecisionKind.Suspect, BreakerTrust.Doubted), (DecisionOn(1).Kind, EndpointAt(1).Cell.Breaker.Trust));
        waiting[0].Report(Outcome.Failure, FailureReason.Timeout);
        waiting[1].Report(Outcome.Failure, FailureReason.Timeout);
        await SettleAsync();
        Assert.Equal((BreakerPhase.Open, false), (EndpointAt(1).Cell.Breaker.Phase, EndpointAt(1).Status.Confirms));
        End(waiting);
    }

    [Fact]
    public async Task When_all_endpoints_stall_no_more_than_half_of_the_pool_is_held()
    {
        await StartAsync(4);
        var waiting = new List<Lease>();
        for (var number = 1; number <= 4; number++)
        {
            Probe.Silence(number);
            waiting.AddRange(Begin(EndpointAt(number), 2));
        }

        await LooksAsync(Enough);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, Pool.Members.Count(member => member.Standing == Standing.In));
        Assert.Equal(2, Picked().Count);
        End([.. waiting]);
    }

    [Fact]
    public async Task A_slow_body_is_not_a_stall()
    {
        await StartAsync(3);
        var streaming = Begin(EndpointAt(1), 3);
        foreach (ref var lease in streaming.AsSpan())
        {
            lease.Report(Outcome.Success);
        }

        await LooksAsync(40);
        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
        End(streaming);
    }

    [Fact]
    public async Task Failures_that_have_heads_are_answers_however_many_wait_and_those_without_are_none()
    {
        await StartAsync(3);
        EndpointAt(1).Cell.Configure(BreakerPolicy.Default with { Threshold = BreakerWord.MaxCount }, maxInFlight: 100);
        for (var look = 0; look < 40; look++)
        {
            var leases = Begin(EndpointAt(1), 2);
            leases[0].Headed();
            leases[0].Report(Outcome.Failure, FailureReason.Status);
            await LooksAsync(1);
            End(leases);
        }

        Assert.Equal(DecisionKind.Available, DecisionOn(1).Kind);
        Probe.Silence(1);
        var waiting = Begin(EndpointAt(1), 2);
        waiting[0].Report(Outcome.Failure, FailureReason.Connect);
        await LooksAsync(Enough);
        Assert.Equal((DecisionKind.Ejected, DecisionReason.OwnBreaker), (DecisionOn(1).Kind, DecisionOn(1).Reason)); // Its last attempt had failed: a doubt is enough.
        End(waiting);
    }

    private static Lease[] Begin(Endpoint endpoint, int count)
    {
        var leases = new Lease[count];
        foreach (ref var lease in leases.AsSpan())
        {
            Assert.Equal(Admission.Granted, endpoint.Cell.TryLease(out lease));
        }

        return leases;
    }

    private static void End(Lease[] leases)
    {
        foreach (ref var lease in leases.AsSpan())
        {
            lease.Release();
        }
    }

    private async Task LooksAsync(int count)
    {
        for (var look = 0; look < count; look++)
        {
            await AdvanceAsync(StallWatch.Interval);
        }

        await SettleAsync(); // The router's messages to an endpoint's actor follow those.
    }
}
