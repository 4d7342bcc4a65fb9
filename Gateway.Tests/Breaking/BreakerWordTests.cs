using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

public sealed class BreakerWordTests
{
    private static readonly BreakerPolicy Policy = new() { Threshold = 3, HalfOpenMaxCalls = 2 };

    [Fact]
    public void Consecutive_failures_up_to_the_threshold_trip_it_exactly_once()
    {
        var word = BreakerWord.Initial;
        (word, var first) = word.Complete(0, false, Outcome.Failure, Policy);
        (word, var second) = word.Complete(0, false, Outcome.Failure, Policy);
        (word, var third) = word.Complete(0, false, Outcome.Failure, Policy);
        (var after, var fourth) = word.Complete(0, false, Outcome.Failure, Policy);

        Assert.Equal([BreakerEdge.FirstFailure, BreakerEdge.None, BreakerEdge.Tripped, BreakerEdge.None], [first, second, third, fourth]);
        Assert.Equal(BreakerPhase.Open, word.Phase);
        Assert.Equal(1u, word.Epoch);
        Assert.Equal(word, after);
    }

    [Fact]
    public void A_success_in_between_starts_the_count_anew()
    {
        var word = Fail(Fail(BreakerWord.Initial));
        (word, var edge) = word.Complete(0, false, Outcome.Success, Policy);
        Assert.Equal(BreakerEdge.FailuresCleared, edge);
        word = Fail(Fail(word));
        Assert.Equal(BreakerPhase.Closed, word.Phase);
        Assert.Equal(BreakerPhase.Open, Fail(word).Phase);
    }

    [Fact]
    public void An_ignored_outcome_neither_counts_nor_clears()
    {
        var word = Fail(Fail(BreakerWord.Initial));
        Assert.Equal((word, BreakerEdge.None), word.Complete(0, false, Outcome.Ignored, Policy));
    }

    [Fact]
    public void An_open_breaker_admits_nothing()
    {
        var open = Tripped();
        Assert.False(open.Admits(Policy));
        Assert.False(open.TryTakeTrial(Policy, out _));
    }

    [Fact]
    public void A_late_success_from_before_the_trip_does_not_close_the_breaker()
    {
        var halfOpen = Tripped().HalfOpen();
        Assert.Equal((halfOpen, BreakerEdge.None), halfOpen.Complete(0, false, Outcome.Success, Policy));
    }

    [Fact]
    public void A_late_failure_from_before_the_trip_does_not_open_it_again()
    {
        var halfOpen = Tripped().HalfOpen();
        Assert.Equal((halfOpen, BreakerEdge.None), halfOpen.Complete(0, false, Outcome.Failure, Policy));
    }

    [Fact]
    public void Half_open_gives_out_no_more_permits_than_the_limit()
    {
        var word = Tripped().HalfOpen();
        Assert.True(word.TryTakeTrial(Policy, out var one));
        Assert.True(one.TryTakeTrial(Policy, out var two));
        Assert.False(two.TryTakeTrial(Policy, out var same));
        Assert.Equal(two, same);
        Assert.Equal(2, two.Trials);
    }

    [Fact]
    public void The_first_success_of_a_trial_closes_it()
    {
        var word = WithTrial();
        var (closed, edge) = word.Complete(word.Epoch, true, Outcome.Success, Policy);
        Assert.Equal(BreakerEdge.Recovered, edge);
        Assert.Equal(BreakerPhase.Closed, closed.Phase);
        Assert.Equal(0, closed.Trials);
        Assert.True(closed.Epoch > word.Epoch);
    }

    [Fact]
    public void Any_failure_of_a_trial_opens_it_again()
    {
        var word = WithTrial();
        var (open, edge) = word.Complete(word.Epoch, true, Outcome.Failure, Policy);
        Assert.Equal((BreakerEdge.TrialFailed, BreakerPhase.Open), (edge, open.Phase));
    }

    [Fact]
    public void A_cancelled_trial_gives_its_permit_back_and_closes_nothing()
    {
        var word = WithTrial();
        var (after, edge) = word.Complete(word.Epoch, true, Outcome.Ignored, Policy);
        Assert.Equal((BreakerEdge.TrialEnded, BreakerPhase.HalfOpen, 0), (edge, after.Phase, after.Trials));
    }

    [Fact]
    public void Trials_that_never_report_expire_and_a_late_one_changes_nothing()
    {
        var word = WithTrial();
        var expired = word.ExpireTrials(word.Epoch);
        Assert.Equal((BreakerPhase.HalfOpen, 0), (expired.Phase, expired.Trials));
        Assert.Equal(word.Epoch + 1, expired.Epoch);
        Assert.Equal((expired, BreakerEdge.None), expired.Complete(word.Epoch, true, Outcome.Success, Policy));
        Assert.Equal((expired, BreakerEdge.None), expired.Complete(word.Epoch, true, Outcome.Ignored, Policy));
    }

    [Fact]
    public void Expiring_an_epoch_that_is_over_changes_nothing()
    {
        var word = WithTrial();
        Assert.Equal(word, word.ExpireTrials(word.Epoch - 1));
        var idle = Tripped().HalfOpen();
        Assert.Equal(idle, idle.ExpireTrials(idle.Epoch));
    }

    [Fact]
    public void Several_successes_in_a_row_are_needed_where_the_policy_says_so()
    {
        var policy = Policy with { HalfOpenSuccesses = 2 };
        var word = WithTrial();
        (word, var first) = word.Complete(word.Epoch, true, Outcome.Success, policy);
        Assert.Equal((BreakerEdge.TrialEnded, BreakerPhase.HalfOpen, 0, 1), (first, word.Phase, word.Trials, word.Successes));
        Assert.True(word.TryTakeTrial(policy, out var next));
        (word, var second) = next.Complete(next.Epoch, true, Outcome.Success, policy);
        Assert.Equal((BreakerEdge.Recovered, BreakerPhase.Closed), (second, word.Phase));
    }

    [Fact]
    public void A_shut_gate_admits_nothing_and_says_once_that_a_trial_is_wanted()
    {
        var shut = Tripped().HalfOpen(TrialGate.Shut);
        Assert.False(shut.Admits(Policy) || shut.TryTakeTrial(Policy, out _));
        var wanted = shut.Want();
        Assert.Equal(TrialGate.Wanted, wanted.Gate);
        Assert.False(wanted.Admits(Policy));
        Assert.Equal(wanted, wanted.Want());
        Assert.Equal(Tripped().HalfOpen(), Tripped().HalfOpen().Want());
    }

    [Theory]
    [InlineData(TrialGate.Granted, 1)]
    [InlineData(TrialGate.Free, 2)]
    public void A_permit_lets_through_one_at_a_time_or_as_many_as_the_policy_says(TrialGate gate, int trials)
    {
        var word = Tripped().HalfOpen(TrialGate.Shut).Want();
        Assert.Equal(word, word.Permit(word.Epoch - 1, gate));
        word = word.Permit(word.Epoch, gate);
        for (var i = 0; i < trials; i++)
        {
            Assert.True(word.TryTakeTrial(Policy, out var next));
            word = next;
        }

        Assert.False(word.TryTakeTrial(Policy, out _));
        (word, _) = word.Complete(word.Epoch, true, Outcome.Ignored, Policy);
        Assert.True(word.TryTakeTrial(Policy, out _));
    }

    [Fact]
    public void A_permit_is_withdrawn_only_while_no_trial_is_out()
    {
        var single = Tripped().HalfOpen(TrialGate.Shut).Want();
        single = single.Permit(single.Epoch, TrialGate.Granted);
        Assert.Equal(single, single.Withdraw(single.Epoch - 1));
        Assert.Equal(TrialGate.Shut, single.Withdraw(single.Epoch).Gate);
        Assert.True(single.TryTakeTrial(Policy, out var trial));
        Assert.Equal(trial, trial.Withdraw(trial.Epoch));
        Assert.Equal(Tripped().HalfOpen(), Tripped().HalfOpen().Withdraw(2));
    }

    [Fact]
    public void When_a_granted_trial_never_reports_the_next_needs_a_new_grant()
    {
        var word = Tripped().HalfOpen(TrialGate.Shut).Want();
        Assert.True(word.Permit(word.Epoch, TrialGate.Granted).TryTakeTrial(Policy, out word));
        Assert.Equal(TrialGate.Shut, word.ExpireTrials(word.Epoch).Gate);
        Assert.Equal(TrialGate.Free, WithTrial().ExpireTrials(WithTrial().Epoch).Gate);
    }

    [Fact]
    public void Another_replicas_success_closes_it_and_a_trial_under_way_changes_nothing_any_more()
    {
        var closed = WithTrial().Close();
        Assert.Equal((BreakerPhase.Closed, WithTrial().Epoch + 1), (closed.Phase, closed.Epoch));
        Assert.Equal((closed, BreakerEdge.None), closed.Complete(WithTrial().Epoch, true, Outcome.Failure, Policy));
        Assert.Equal(BreakerPhase.Closed, Tripped().Close().Phase);
        Assert.Equal(Fail(BreakerWord.Initial), Fail(BreakerWord.Initial).Close());
    }

    [Fact]
    public void Failures_are_counted_while_closed_and_successes_while_half_open()
    {
        var failed = Fail(BreakerWord.Initial);
        Assert.Equal((1, 0), (failed.Failures, failed.Successes));
        var trial = WithTrial();
        var half = trial.Complete(trial.Epoch, true, Outcome.Success, Policy with { HalfOpenSuccesses = 2 }).Next;
        Assert.Equal((0, 1), (half.Failures, half.Successes));
        Assert.True(BreakerWord.Initial.Doubt().Next.TryTakeTrial(Policy, out var doubted));
        var proving = doubted.Complete(0, true, Outcome.Success, Policy).Next;
        Assert.Equal((BreakerTrust.Proving, 0, 0), (proving.Trust, proving.Failures, proving.Successes));
    }

    [Fact]
    public void The_failure_rate_opens_nothing_but_a_closed_breaker_and_an_operator_opens_none_twice()
    {
        Assert.Equal((BreakerPhase.Open, 1u), (BreakerWord.Initial.Trip().Phase, BreakerWord.Initial.Trip().Epoch));
        Assert.Equal(WithTrial(), WithTrial().Trip());
        Assert.Equal(Tripped(), Tripped().Trip());
        Assert.Equal(BreakerPhase.Open, WithTrial().ForceOpen().Phase);
        Assert.Equal(Tripped(), Tripped().ForceOpen());
    }

    [Fact]
    public void Epochs_wrap_around_without_touching_other_fields()
    {
        var last = new BreakerWord(((ulong)uint.MaxValue << 32) | ((ulong)BreakerPhase.Open << 30));
        var next = last.HalfOpen();
        Assert.Equal((0u, BreakerPhase.HalfOpen, 0), (next.Epoch, next.Phase, next.Trials));
    }

    private static BreakerWord Fail(BreakerWord word) => word.Complete(word.Epoch, false, Outcome.Failure, Policy).Next;

    private static BreakerWord Tripped() => Fail(Fail(Fail(BreakerWord.Initial)));

    private static BreakerWord WithTrial()
    {
        Assert.True(Tripped().HalfOpen().TryTakeTrial(Policy, out var word));
        return word;
    }
}
