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

    private static VerdictState After(params ProbeResult[] results) =>
        results.Aggregate(VerdictState.Initial, (state, result) => state.Observe(result, Policy));
}
