using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class SeekingTests
{
    private static readonly ImmutableArray<string> Seeds = ["a:1", "b:1", "c:1"];
    private static readonly SeekTimes Times = SeekTimes.Default;

    [Fact]
    public void Without_seeds_a_replica_forms_its_own_cluster_at_once() =>
        Assert.IsType<JoinStep.Form>(Begin("a:1", []).Decide(TimeSpan.Zero).Step);

    [Fact]
    public void The_cluster_of_any_seed_that_has_one_is_joined() =>
        Assert.Equal(new JoinStep.Join("c:1"), Begin("a:1").Hear("b:1", ClusterReport.None, TimeSpan.Zero).Hear("c:1", Of(2, "c:1"), TimeSpan.Zero).Decide(TimeSpan.Zero).Step);

    [Fact]
    public void Of_two_clusters_the_larger_is_joined_and_of_equals_the_one_whose_oldest_sorts_lower()
    {
        var begun = Begin("x:1");
        Assert.Equal(new JoinStep.Join("b:1"), begun.Hear("a:1", Of(1, "a:1"), default).Hear("b:1", Of(2, "b:1"), default).Decide(default).Step);
        Assert.Equal(new JoinStep.Join("b:1"), begun.Hear("a:1", Of(2, "z:1"), default).Hear("b:1", Of(2, "y:1"), default).Decide(default).Step);
    }

    [Fact]
    public void The_first_seed_forms_as_soon_as_all_others_say_that_they_have_none()
    {
        var one = Begin("a:1").Hear("b:1", ClusterReport.None, TimeSpan.Zero);
        Assert.IsType<JoinStep.Wait>(one.Decide(TimeSpan.Zero).Step);
        Assert.IsType<JoinStep.Form>(one.Hear("c:1", ClusterReport.None, TimeSpan.Zero).Decide(TimeSpan.Zero).Step);
    }

    [Fact]
    public void The_first_seed_does_not_wait_for_ever_for_silent_ones()
    {
        Assert.IsType<JoinStep.Wait>(Begin("a:1").Decide(Times.First - TimeSpan.FromTicks(1)).Step);
        Assert.IsType<JoinStep.Form>(Begin("a:1").Decide(Times.First).Step);
    }

    [Fact]
    public void Another_seed_waits_for_the_first_and_one_that_is_no_seed_for_ever()
    {
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), Begin("b:1")));
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin("x:1")));
    }

    [Fact]
    public void At_its_first_start_a_seed_does_not_wait_for_ever_for_dead_ones()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin("b:1", ["a:1", "b:1"])));
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin("c:1")));
    }

    [Fact]
    public void One_that_was_downed_never_forms_alone() =>
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin("a:1", firstStart: false)));

    [Fact]
    public void One_that_was_downed_forms_for_another_that_is_in_none_though_most_seeds_are_dead()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin("c:1", firstStart: false), "x:1"));
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), Begin("c:1", firstStart: false), "x:1"));
    }

    [Fact]
    public void A_cluster_whose_member_asks_is_joined_though_it_has_no_seed() =>
        Assert.Equal(new JoinStep.Join("x:1"), Begin("a:1").Hear("b:1", ClusterReport.None, default).Hear("c:1", ClusterReport.None, default).Hear("x:1", Of(4, "y:1"), default).Decide(default).Step);

    [Fact]
    public void When_all_were_downed_the_first_of_a_majority_forms_and_the_others_wait_for_it()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Majority, Begin("b:1", firstStart: false), "c:1"));
        Assert.IsType<JoinStep.Wait>(After(Times.Majority - TimeSpan.FromSeconds(1), Begin("b:1", firstStart: false), "c:1"));
        Assert.IsType<JoinStep.Wait>(After(Times.Majority, Begin("c:1", firstStart: false), "b:1"));
    }

    [Fact]
    public void A_minority_waits_longer_than_a_majority()
    {
        var half = Begin("b:1", ["a:1", "b:1", "c:1", "d:1"], firstStart: false);
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), half, "c:1"));
        Assert.IsType<JoinStep.Form>(After(Times.Minority, half, "c:1"));
    }

    [Fact]
    public void One_that_is_no_seed_never_forms() =>
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin("x:1", firstStart: false), "a:1", "b:1", "c:1"));

    [Fact]
    public void A_majority_that_goes_away_begins_anew()
    {
        var seeking = Begin("b:1", firstStart: false);
        for (var now = TimeSpan.Zero; now < Times.Minority; now += TimeSpan.FromSeconds(1))
        {
            // Received for half of the required time, then silent for longer than an answer is valid.
            var round = now.Ticks % (Times.Majority + Times.Fresh).Ticks;
            (seeking, var step) = (round < Times.Majority.Ticks / 2 ? seeking.Hear("c:1", ClusterReport.None, now) : seeking).Decide(now);
            Assert.IsType<JoinStep.Wait>(step);
        }
    }

    [Fact]
    public void An_old_answer_says_nothing()
    {
        var heard = Begin("b:1").Hear("a:1", Of(1, "a:1"), TimeSpan.Zero);
        Assert.IsType<JoinStep.Join>(heard.Decide(Times.Fresh - TimeSpan.FromTicks(1)).Step);
        Assert.IsType<JoinStep.Wait>(heard.Decide(Times.Fresh).Step);
    }

    [Fact]
    public void Of_replicas_that_hear_each_other_at_most_one_forms() => Gen.Select(Gen.Int[1, 7], Gen.Int[1, 127], Gen.Bool).Sample((count, heard, first) =>
    {
        var seeds = Enumerable.Range(0, count).Select(i => $"{(char)('a' + i)}:1").ToImmutableArray();
        var alive = seeds.Where((_, i) => (heard >> i & 1) == 1).ToArray();
        var forming = alive.Count(self => After(Times.Majority, Begin(self, seeds, first && self == seeds[0]), [.. alive.Where(s => s != self)]) is JoinStep.Form);
        Assert.InRange(forming, 0, 1);
        Assert.True(forming == 1 || alive.Length * 2 <= count, "a majority must not wait for longer");
    });

    private static Seeking Begin(string self, ImmutableArray<string>? seeds = null, bool firstStart = true) =>
        new(self, seeds ?? Seeds, firstStart, TimeSpan.Zero, Times);

    private static ClusterReport Of(int size, string oldest) => new(size, new(oldest, 1), KnowsReceiver: false);

    /// <summary>The step after these seeds have reported every second, for that long, that they are in no cluster.</summary>
    private static JoinStep After(TimeSpan time, Seeking seeking, params string[] seeds)
    {
        JoinStep step = new JoinStep.Wait();
        for (var now = TimeSpan.Zero; now <= time && step is JoinStep.Wait; now += TimeSpan.FromSeconds(1))
        {
            (seeking, step) = seeds.Aggregate(seeking, (s, seed) => s.Hear(seed, ClusterReport.None, now)).Decide(now);
        }

        return step;
    }
}
