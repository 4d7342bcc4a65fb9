using CsCheck;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Health;

public sealed class VerdictStateTests
{
    private static readonly HealthPolicy Policy = new() { DegradedLatency = TimeSpan.FromMilliseconds(100) };
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");

    [Fact]
    public void From_Unknown_the_first_result_decides()
    {
        Assert.Equal(Verdict.Healthy, After(Pass).Verdict);
        Assert.Equal(Verdict.Unhealthy, After(Fail).Verdict);
    }

    [Fact]
    public void Three_failures_in_a_row_make_it_unhealthy()
    {
        Assert.Equal(Verdict.Healthy, After(Pass, Fail, Fail).Verdict);
        Assert.Equal(Verdict.Unhealthy, After(Pass, Fail, Fail, Fail).Verdict);
    }

    [Fact]
    public void One_pass_clears_partial_failures() =>
        Assert.Equal(new VerdictState(Verdict.Healthy, 2), After(Pass, Fail, Fail, Pass, Fail, Fail));

    [Fact]
    public void Two_passes_in_a_row_make_it_healthy_again()
    {
        Assert.Equal(Verdict.Unhealthy, After(Fail, Pass).Verdict);
        Assert.Equal(Verdict.Unhealthy, After(Fail, Pass, Fail, Pass).Verdict);
        Assert.Equal(Verdict.Healthy, After(Fail, Pass, Pass).Verdict);
    }

    [Fact]
    public void A_slow_pass_or_one_that_says_so_is_degraded()
    {
        Assert.Equal(Verdict.Degraded, After(ProbeResult.Pass(TimeSpan.FromMilliseconds(101))).Verdict);
        Assert.Equal(Verdict.Degraded, After(ProbeResult.Pass(TimeSpan.FromMilliseconds(1), degraded: true)).Verdict);
        Assert.Equal(Verdict.Healthy, After(ProbeResult.Pass(TimeSpan.FromMilliseconds(1), degraded: true), Pass).Verdict);
    }

    [Fact]
    public void A_verdict_turns_only_on_enough_equal_results_in_a_row() =>
        Gen.Bool.Array[1, 60].Sample(passes =>
        {
            var state = VerdictState.Initial;
            for (var i = 0; i < passes.Length; i++)
            {
                var before = state.Verdict;
                state = state.Observe(passes[i] ? Pass : Fail, Policy);
                if (i > 0 && state.Verdict != before)
                {
                    var needed = state.Verdict == Verdict.Unhealthy ? Policy.UnhealthyThreshold : Policy.HealthyThreshold;
                    Assert.True(i + 1 >= needed);
                    Assert.All(passes[(i + 1 - needed)..(i + 1)], passed => Assert.Equal(state.Verdict == Verdict.Healthy, passed));
                }
            }
        });

    [Fact]
    public void The_next_probe_comes_soon_in_transition_and_at_the_down_interval_while_unhealthy()
    {
        var policy = Policy with { Interval = TimeSpan.FromSeconds(10), DownInterval = TimeSpan.FromSeconds(30) };
        Assert.Equal(TimeSpan.FromSeconds(10), ProbeSchedule.NextIn(policy, After(Pass), suspect: false, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(2), ProbeSchedule.NextIn(policy, After(Pass, Fail), suspect: false, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(30), ProbeSchedule.NextIn(policy, After(Fail), suspect: false, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(2), ProbeSchedule.NextIn(policy, After(Fail, Pass), suspect: false, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(2), ProbeSchedule.NextIn(policy, After(Pass), suspect: true, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(9), ProbeSchedule.NextIn(policy, After(Pass), suspect: false, 0));
    }

    [Fact]
    public void Reports_are_looked_into_at_most_once_per_fast_interval_and_a_verdict_lasts_three_intervals()
    {
        var policy = Policy with { Interval = TimeSpan.FromSeconds(10) };
        Assert.Equal(TimeSpan.Zero, ProbeSchedule.VerifyIn(policy, null, TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromSeconds(1), ProbeSchedule.VerifyIn(policy, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.Zero, ProbeSchedule.VerifyIn(policy, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromSeconds(30), ProbeSchedule.LastsFor(policy));
        Assert.Equal(TimeSpan.FromSeconds(60), ProbeSchedule.LastsFor(policy with { DownInterval = TimeSpan.FromSeconds(20) }));
    }

    [Fact]
    public void A_verdict_lasts_three_of_the_longer_interval() =>
        Assert.Equal(TimeSpan.FromSeconds(30), ProbeSchedule.LastsFor(Policy with { Interval = TimeSpan.FromSeconds(10), DownInterval = TimeSpan.FromSeconds(4) }));

    [Fact]
    public void Probes_are_spread_by_a_tenth_both_ways_and_the_fast_interval_can_be_set()
    {
        var policy = Policy with { Interval = TimeSpan.FromSeconds(10), FastInterval = TimeSpan.FromSeconds(1) };
        Assert.Equal(11, ProbeSchedule.NextIn(policy, After(Pass), suspect: false, 1).TotalSeconds, 6);
        Assert.Equal(TimeSpan.FromSeconds(1), ProbeSchedule.NextIn(policy, After(Pass), suspect: true, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(10), ProbeSchedule.NextIn(policy, After(Fail), suspect: false, 0.5)); // No interval of its own while down.
    }

    [Fact]
    public void A_report_is_verified_within_a_fast_interval_a_timeout_and_a_second_and_at_once_where_nothing_is_probed()
    {
        var policy = Policy with { Interval = TimeSpan.FromSeconds(10), Probe = new() { Timeout = TimeSpan.FromSeconds(3) } };
        Assert.Equal(TimeSpan.FromSeconds(2 + 3 + 1), ProbeSchedule.VerifiedWithin(policy));
        Assert.Equal(TimeSpan.FromSeconds(1), ProbeSchedule.VerifiedWithin(policy with { Probe = new() { Kind = ProbeKind.None } }));
    }

    [Fact]
    public void A_result_is_fresh_for_half_a_fast_interval() =>
        Assert.Equal(TimeSpan.FromSeconds(1), ProbeSchedule.FreshFor(Policy with { Interval = TimeSpan.FromSeconds(10) }));

    [Fact]
    public void A_pass_in_just_the_latency_that_is_allowed_is_healthy() =>
        Assert.Equal(Verdict.Healthy, After(ProbeResult.Pass(TimeSpan.FromMilliseconds(100))).Verdict);

    [Fact]
    public void It_is_in_transition_while_it_counts()
    {
        Assert.False(After(Pass).InTransition);
        Assert.True(After(Pass, Fail).InTransition);
        Assert.False(After(Pass, Fail, Fail, Fail).InTransition);
        Assert.True(After(Fail, Pass).InTransition);
    }

    [Fact]
    public void A_probe_that_was_not_sent_is_not_a_pass_and_says_why()
    {
        var result = ProbeResult.NotSent("no address");
        Assert.Equal((false, false, "no address"), (result.Passed, result.Sent, result.Detail));
        Assert.True(Pass.Sent && Fail.Sent);
    }

    [Fact]
    public void Verdicts_have_the_names_of_the_metrics() =>
        Assert.Equal(["unknown", "healthy", "degraded", "unhealthy"], Enum.GetValues<Verdict>().Select(verdict => verdict.Name()));

    private static VerdictState After(params ProbeResult[] results) =>
        results.Aggregate(VerdictState.Initial, (state, result) => state.Observe(result, Policy));
}
