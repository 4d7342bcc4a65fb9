using Akka.Actor;
using Gateway.Actors.Local;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Outliers;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Actors;

/// <summary>Endpoints that fail more than the others, over minutes of virtual time.</summary>
public sealed class OutlierTests : ActorTest
{
    private static readonly TimeSpan Interval = OutlierPolicy.Default.Interval;

    [Fact]
    public async Task One_that_fails_half_of_its_requests_is_out_for_thirty_seconds_and_comes_back_with_little()
    {
        await ConfigureAsync(Judging(5));
        await IntervalAsync(1);
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Outlier), DecisionOn(1));
        Assert.Equal(4, Picked().Count);
        Assert.Equal([(EndpointAt(1).Id, true)], Observer.Outliers);
        Assert.Contains(Logged.Lines, line => line.Contains("is an outlier (50.0 % of 200 requests succeeded, below 52.0 %): ejected", StringComparison.Ordinal));

        await PassAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(4, Picked().Count);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(MemberAt(1).CanBePicked);
        Assert.InRange(ShareOf(1), 0.01, 0.04);
        await PassAsync(TimeSpan.FromSeconds(11));
        Assert.InRange(ShareOf(1), 0.19, 0.21);
    }

    [Fact]
    public async Task It_is_out_for_longer_each_time_and_for_less_again_after_good_intervals()
    {
        await ConfigureAsync(Judging(5));
        Assert.Equal(30, await OutSecondsAsync());
        Assert.Equal(60, await OutSecondsAsync());
        Assert.Equal(90, await OutSecondsAsync());

        await GoodIntervalsAsync(untilTimes: 1);
        Assert.Equal(60, await OutSecondsAsync());
        await GoodIntervalsAsync(untilTimes: 0);
    }

    [Fact]
    public async Task No_more_than_the_share_is_out_and_what_else_is_out_counts()
    {
        await ConfigureAsync(Judging(20) with { Outliers = OutlierPolicy.Default with { MaxEjectionPercent = 10 } });
        await IntervalAsync(1, 2);
        Assert.Equal(18, Available());
        await PassAsync(TimeSpan.FromSeconds(30));

        // One has tripped by itself: one of the two outliers is kept in, and only counted as detected.
        Trip(20);
        await PassAsync(RouterActor.Coalescing);
        Observer.Outliers.Clear();
        await IntervalAsync(1, 2);
        Assert.Equal(18, Available());
        Assert.Equal([false, true], Observer.Outliers.Select(found => found.Ejected).Order());
        Assert.Single(Pool.Endpoints, endpoint => endpoint.Status.Outlier.IsOut);
        Assert.Contains(Logged.Lines, line => line.Contains("kept in rotation: ejection cap reached", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_all_others_fail_an_outlier_is_used_again_at_once()
    {
        await ConfigureAsync(Judging(5));
        await IntervalAsync(1);
        Assert.Equal(4, Picked().Count);
        foreach (var number in Enumerable.Range(2, 4))
        {
            Trip(number);
        }

        await PassAsync(RouterActor.Coalescing);
        Assert.Equal([TestEndpoints.Address(1)], Picked());
        Assert.True(MemberAt(1).CanBePicked);
    }

    [Fact]
    public async Task Without_the_setting_nobody_is_judged_and_taking_it_away_brings_everyone_back()
    {
        await ConfigureAsync(Judging(5) with { Outliers = null });
        await IntervalAsync(1);
        Assert.Empty(Observer.Outliers);

        await ConfigureAsync(Judging(5));
        await IntervalAsync(1);
        Assert.Equal(4, Picked().Count);
        await ConfigureAsync(Judging(5) with { Outliers = null });
        await PassAsync(RouterActor.Coalescing);
        Assert.True(MemberAt(1).CanBePicked);
        Assert.Equal(OutlierRecord.Clean, EndpointAt(1).Status.Outlier);
    }

    [Fact]
    public async Task Few_requests_or_few_endpoints_say_nothing()
    {
        // Of six one stands out, but seven are required; of four none can.
        await ConfigureAsync(Judging(6) with { Outliers = OutlierPolicy.Default with { MinEndpoints = 7 } });
        await IntervalAsync(1);
        Assert.Empty(Observer.Outliers);
        await ConfigureAsync(Judging(6));
        await PassAsync(Interval);
        foreach (var number in Enumerable.Range(1, 6))
        {
            Traffic(number, number == 1 ? 49 : 0, 99);
        }

        await PassAsync(Interval);
        Assert.Empty(Observer.Outliers);
        await IntervalAsync(1);
        Assert.Single(Observer.Outliers);
    }

    [Fact]
    public async Task Answers_from_before_the_endpoint_or_the_setting_was_added_do_not_count()
    {
        await ConfigureAsync(Judging(5) with { Outliers = null });
        foreach (var number in Enumerable.Range(1, 5))
        {
            Traffic(number, number == 1 ? 100 : 0, 200);
        }

        await ConfigureAsync(Judging(5));
        await PassAsync(Interval);
        Assert.Empty(Observer.Outliers);
    }

    [Fact]
    public async Task An_interval_in_which_the_process_stood_still_is_nobodys_fault()
    {
        await ConfigureAsync(Judging(5));
        Traffic(1, 100, 200);
        foreach (var number in Enumerable.Range(2, 4))
        {
            Traffic(number, 0, 200);
        }

        await StopAsync(Interval);
        Assert.Empty(Observer.Outliers);
        await IntervalAsync(1);
        Assert.Single(Observer.Outliers);
    }

    [Fact]
    public async Task A_crash_of_the_router_and_of_all_its_endpoints_neither_ends_nor_prolongs_an_ejection()
    {
        await ConfigureAsync(Judging(5));
        await IntervalAsync(1);
        Sys.ActorSelection("/user/pools/*").Tell(Kill.Instance);
        await Eventually.IsAsync(() => Environment.Vitals.Outages.Any(outage => outage.Kind == "router"));
        await PoolsActor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(20));
        Clock.Advance(Gateway.Actors.Local.PoolsActor.AskAgainInterval);
        ((Akka.TestKit.TestScheduler)Sys.Scheduler).Advance(Gateway.Actors.Local.PoolsActor.AskAgainInterval);
        await Eventually.IsAsync(() => Environment.Vitals.AllUp);
        await SettleAsync();
        Assert.Equal(4, Picked().Count);
        await PassAsync(TimeSpan.FromSeconds(28));
        Assert.Equal(4, Picked().Count);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(MemberAt(1).CanBePicked);
    }

    [Fact]
    public async Task Others_hear_nothing_of_it()
    {
        await ConfigureAsync(Judging(5));
        var before = EndpointAt(1).Status.Observation;
        await IntervalAsync(1);
        Assert.Equal(before, EndpointAt(1).Status.Observation);
        Assert.Equal(Opinion.None, EndpointAt(1).Status.Observation.Opinion);
    }

    private static PoolSettings Judging(int endpoints) => Settings(endpoints) with
    {
        Health = new() { Probe = new() { Kind = ProbeKind.None } },
        Breaker = new() { Threshold = 10_000, Break = TimeSpan.FromMinutes(10), MaxBreak = TimeSpan.FromMinutes(10) },
        Outliers = OutlierPolicy.Default,
    };

    private (DecisionKind, DecisionReason) DecisionOn(int number) => (EndpointAt(number).Status.Decision.Kind, EndpointAt(number).Status.Decision.Reason);

    private int Available() => Pool.Snapshot.Available;

    private void Trip(int number)
    {
        EndpointAt(number).Cell.TryLease(out var lease, LeaseOptions.Panic);
        for (var i = 0; i < 10_000; i++)
        {
            lease.Report(Outcome.Failure, FailureReason.Reset);
            lease.Release();
            EndpointAt(number).Cell.TryLease(out lease, LeaseOptions.Panic);
        }

        lease.Release();
    }

    /// <summary>Sends requests to one endpoint, with failures and successes in turn.</summary>
    private void Traffic(int number, int failures, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            EndpointAt(number).Cell.TryLease(out var lease, LeaseOptions.Panic);
            lease.Report(i < 2 * failures && i % 2 == 0 ? Outcome.Failure : Outcome.Success);
            lease.Release();
        }
    }

    /// <summary>Sends 200 requests to each pickable endpoint, half of which fail at the given ones, and lets an interval pass.</summary>
    private async Task IntervalAsync(params int[] failing)
    {
        for (var number = 1; number <= Pool.Endpoints.Length; number++)
        {
            if (MemberAt(number).CanBePicked)
            {
                Traffic(number, failing.Contains(number) ? 100 : 0, 200);
            }
        }

        await PassAsync(Interval);
    }

    /// <summary>Fails the first endpoint until it is ejected, and returns for how long.</summary>
    private async Task<double> OutSecondsAsync()
    {
        while (!EndpointAt(1).Status.Outlier.IsOut)
        {
            await IntervalAsync(1);
        }

        var seconds = Math.Round((EndpointAt(1).Status.Outlier.Until!.Value - Elapsed).TotalSeconds);
        while (EndpointAt(1).Status.Outlier.IsOut)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        return seconds;
    }

    /// <summary>
    /// Lets two whole intervals pass without failures. The one in which it came back is not whole; the step of the test in which a judgement falls depends on
    /// the jitter.
    /// </summary>
    private async Task GoodIntervalsAsync(int untilTimes)
    {
        var steps = 0;
        while (EndpointAt(1).Status.Outlier.Times > untilTimes)
        {
            await IntervalAsync();
            Assert.InRange(++steps, 1, 3);
        }

        Assert.Equal(untilTimes, EndpointAt(1).Status.Outlier.Times);
        Assert.InRange(steps, 2, 3);
    }

    private async Task PassAsync(TimeSpan time)
    {
        await AdvanceAsync(time);
        await AdvanceAsync(RouterActor.Coalescing);
    }

    private double ShareOf(int number)
    {
        const int Picks = 20_000;
        var address = TestEndpoints.Address(number);
        return Enumerable.Range(0, Picks).Count(n =>
        {
            var lease = Pick(RandomBits.Mix((ulong)n)).Lease;
            lease.Release();
            return lease.Cell.Id.Address == address;
        }) / (double)Picks;
    }
}
