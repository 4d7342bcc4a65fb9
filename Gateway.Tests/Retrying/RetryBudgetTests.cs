using CsCheck;
using Gateway.Core.Retrying;

namespace Gateway.Tests.Retrying;

public sealed class RetryBudgetTests
{
    private static readonly RetryPolicy Policy = RetryPolicy.Default;

    [Fact]
    public void A_thousand_requests_allow_two_hundred_and_thirty_retries()
    {
        var budget = new RetryBudget();
        Repeat(1000, () => budget.Begin(TimeSpan.FromSeconds(3)));
        Assert.Equal(230, Take(budget, TimeSpan.FromSeconds(3), 1000));
    }

    [Fact]
    public void Without_requests_only_the_minimum_is_allowed()
    {
        Assert.Equal(30, Take(new RetryBudget(), TimeSpan.Zero, 100));
        Assert.Equal(0, Take(new RetryBudget(), TimeSpan.Zero, 100, Policy with { BudgetMinimum = 0 }));
    }

    [Fact]
    public void Requests_older_than_ten_seconds_no_longer_count()
    {
        var budget = new RetryBudget();
        Assert.Equal(30, Take(budget, TimeSpan.FromSeconds(5), 100));
        Assert.Equal(0, Take(budget, TimeSpan.FromSeconds(14), 100));
        Assert.Equal(30, Take(budget, TimeSpan.FromSeconds(15), 100));
    }

    [Fact]
    public void A_request_counts_for_ten_seconds_even_if_nothing_follows()
    {
        var budget = new RetryBudget();
        budget.Begin(TimeSpan.FromSeconds(5));
        Assert.Equal((1UL, 0UL), budget.Read(TimeSpan.FromSeconds(14)));
        Assert.Equal((0UL, 0UL), budget.Read(TimeSpan.FromSeconds(15)));
    }

    [Theory]
    [InlineData(590, 0UL)]
    [InlineData(600, 1UL)]
    public void A_caller_is_late_up_to_ten_minutes_and_beyond_them_the_slot_is_an_old_one(int behind, ulong begun)
    {
        var (budget, first) = (new RetryBudget(), TimeSpan.FromSeconds(700));
        budget.Begin(first);
        budget.Begin(first - TimeSpan.FromSeconds(behind));
        Assert.Equal(begun, budget.Read(first - TimeSpan.FromSeconds(behind)).Begun);
    }

    [Fact]
    public void The_defaults_are_those_of_the_documents()
    {
        var policy = new RetryPolicy();
        Assert.Equal([502, 503, 504], policy.Statuses);
        Assert.Equal((3, 20, 30, 64 * 1024), (policy.Attempts, policy.BudgetPercent, policy.BudgetMinimum, policy.MaxKeptBody));
        Assert.Empty(policy.GrpcStatuses);
    }

    [Fact]
    public void A_pause_of_any_length_forgets_all()
    {
        var budget = new RetryBudget();
        Repeat(50, () => budget.Begin(TimeSpan.FromSeconds(1)));
        Take(budget, TimeSpan.FromSeconds(1), 100);
        Assert.Equal((0UL, 0UL), budget.Read(TimeSpan.FromDays(3)));
    }

    [Theory]
    [InlineData(96)]
    [InlineData(98)]
    [InlineData(190)]
    [InlineData(195)]
    public void A_pool_whose_first_request_comes_after_months_has_a_budget_and_one_that_is_used_again_too(int days)
    {
        var later = TimeSpan.FromDays(days);
        var (fresh, old) = (new RetryBudget(), new RetryBudget());
        Repeat(50, () => old.Begin(TimeSpan.FromSeconds(1)));
        Assert.Equal((30, 30), (Take(fresh, later, 100), Take(old, later, 100)));
    }

    [Fact]
    public void A_caller_that_was_delayed_takes_nothing_from_those_of_a_later_second()
    {
        var budget = new RetryBudget();
        Repeat(50, () => budget.Begin(TimeSpan.FromSeconds(21)));
        budget.Begin(TimeSpan.FromSeconds(11));
        Assert.Equal((50UL, 0UL), budget.Read(TimeSpan.FromSeconds(21)));
    }

    [Fact]
    public void A_second_counts_no_more_retries_than_its_word_holds()
    {
        var budget = new RetryBudget();
        budget.Begin(TimeSpan.FromSeconds(1));
        Assert.Equal(65_534, Take(budget, TimeSpan.FromSeconds(1), 70_000, Policy with { BudgetMinimum = 100_000 }));
        Assert.Equal((1UL, 65_534UL), budget.Read(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Any_history_keeps_retries_within_the_share_of_the_last_ten_seconds() =>
        Gen.Select(Gen.Int[0, 1500], Gen.Bool).Array[1, 300].Sample(steps =>
        {
            var budget = new RetryBudget();
            var now = TimeSpan.Zero;
            var (begun, retried) = (new List<int>(), new List<int>());
            foreach (var (milliseconds, retry) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                var second = (int)now.TotalSeconds;
                if (!retry)
                {
                    budget.Begin(now);
                    begun.Add(second);
                }
                else
                {
                    var before = retried.Count(s => s > second - 10);
                    var allowed = (begun.Count(s => s > second - 10) * 0.2) + 5;
                    var taken = budget.TryRetry(now, Policy with { BudgetMinimum = 5 });
                    Assert.Equal(before + 1 <= allowed, taken);
                    if (taken)
                    {
                        retried.Add(second);
                    }
                }
            }
        });

    [Fact]
    public void Concurrent_callers_never_take_more_than_the_budget_together()
    {
        var budget = new RetryBudget();
        var taken = 0;
        Parallel.For(0, 8, _ => Interlocked.Add(ref taken, Take(budget, TimeSpan.FromSeconds(1), 1000)));
        Assert.InRange(taken, 23, 30); // A caller refused while another's claim is being returned stays refused.
        Assert.Equal((ulong)taken, budget.Read(TimeSpan.FromSeconds(1)).Retries);
    }

    private static int Take(RetryBudget budget, TimeSpan now, int times, RetryPolicy? policy = null)
    {
        var taken = 0;
        Repeat(times, () => taken += budget.TryRetry(now, policy ?? Policy) ? 1 : 0);
        return taken;
    }

    private static void Repeat(int times, Action act)
    {
        for (var i = 0; i < times; i++)
        {
            act();
        }
    }
}
