using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class SeekingTests
{
    private static readonly HostPort A = new("a", 1);
    private static readonly HostPort B = new("b", 1);
    private static readonly HostPort C = new("c", 1);
    private static readonly HostPort D = new("d", 1);
    private static readonly HostPort X = new("x", 1);
    private static readonly ImmutableArray<HostPort> Seeds = [A, B, C];
    private static readonly SeekTimes Times = SeekTimes.Default;

    [Fact]
    public void Without_seeds_a_replica_forms_its_own_cluster_at_once() =>
        Assert.IsType<JoinStep.Form>(Begin(A, []).Decide(TimeSpan.Zero).Step);

    [Fact]
    public void The_cluster_of_any_seed_that_has_one_is_joined() =>
        Assert.Equal(new JoinStep.Join(C), Begin(A).Hear(B, ClusterReport.None, TimeSpan.Zero).Hear(C, Of(2, "c:1"), TimeSpan.Zero).Decide(TimeSpan.Zero).Step);

    [Fact]
    public void Of_two_clusters_the_larger_is_joined_and_of_equals_the_one_whose_oldest_sorts_lower()
    {
        var begun = Begin(X);
        Assert.Equal(new JoinStep.Join(B), begun.Hear(A, Of(1, "a:1"), default).Hear(B, Of(2, "b:1"), default).Decide(default).Step);
        Assert.Equal(new JoinStep.Join(B), begun.Hear(A, Of(2, "z:1"), default).Hear(B, Of(2, "y:1"), default).Decide(default).Step);
    }

    [Fact]
    public void A_cluster_that_several_report_is_joined_at_the_address_that_sorts_lowest() =>
        Assert.Equal(new JoinStep.Join(A), new[] { B, A, C }.Aggregate(Begin(X), (seeking, from) => seeking.Hear(from, Of(3, "b:1"), default)).Decide(default).Step);

    [Fact]
    public void The_first_seed_forms_as_soon_as_all_others_say_that_they_have_none()
    {
        var one = Begin(A).Hear(B, ClusterReport.None, TimeSpan.Zero);
        Assert.IsType<JoinStep.Wait>(one.Decide(TimeSpan.Zero).Step);
        Assert.IsType<JoinStep.Form>(one.Hear(C, ClusterReport.None, TimeSpan.Zero).Decide(TimeSpan.Zero).Step);
    }

    [Fact]
    public void The_first_seed_does_not_wait_for_ever_for_silent_ones()
    {
        var begun = Begin(A) with { Since = TimeSpan.FromMinutes(1) };
        Assert.IsType<JoinStep.Wait>(begun.Decide(TimeSpan.FromMinutes(1) + Times.First - TimeSpan.FromTicks(1)).Step);
        Assert.IsType<JoinStep.Form>(begun.Decide(TimeSpan.FromMinutes(1) + Times.First).Step);
    }

    [Fact]
    public void Another_seed_waits_for_the_first_and_a_replica_that_is_not_a_seed_for_ever()
    {
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), Begin(B)));
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin(X)));
    }

    [Fact]
    public void At_its_first_start_a_seed_does_not_wait_for_ever_for_dead_ones()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin(B, [A, B])));
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin(C)));
    }

    [Fact]
    public void One_that_was_downed_never_forms_alone() =>
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin(A, firstStart: false)));

    [Fact]
    public void One_that_was_downed_forms_for_another_that_is_in_none_though_most_seeds_are_dead()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Minority, Begin(C, firstStart: false), X));
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), Begin(C, firstStart: false), X));
    }

    [Fact]
    public void A_cluster_whose_member_asks_is_joined_though_it_has_no_seed() =>
        Assert.Equal(new JoinStep.Join(X), Begin(A).Hear(B, ClusterReport.None, default).Hear(C, ClusterReport.None, default).Hear(X, Of(4, "y:1"), default).Decide(default).Step);

    [Fact]
    public void When_all_were_downed_the_first_of_a_majority_forms_and_the_others_wait_for_it()
    {
        Assert.IsType<JoinStep.Form>(After(Times.Majority, Begin(B, firstStart: false), C));
        Assert.IsType<JoinStep.Wait>(After(Times.Majority - TimeSpan.FromSeconds(1), Begin(B, firstStart: false), C));
        Assert.IsType<JoinStep.Wait>(After(Times.Majority, Begin(C, firstStart: false), B));
    }

    [Fact]
    public void A_minority_waits_longer_than_a_majority()
    {
        var half = Begin(B, [A, B, C, D], firstStart: false);
        Assert.IsType<JoinStep.Wait>(After(Times.Minority - TimeSpan.FromSeconds(1), half, C));
        Assert.IsType<JoinStep.Form>(After(Times.Minority, half, C));
    }

    [Fact]
    public void A_replica_that_is_not_a_seed_never_forms() =>
        Assert.IsType<JoinStep.Wait>(After(TimeSpan.FromHours(1), Begin(X, firstStart: false), A, B, C));

    [Fact]
    public void A_majority_that_goes_away_begins_anew()
    {
        var seeking = Begin(B, firstStart: false);
        for (var now = TimeSpan.Zero; now < Times.Minority; now += TimeSpan.FromSeconds(1))
        {
            // Received for half of the required time, then silent for longer than an answer is valid.
            var round = now.Ticks % (Times.Majority + Times.Fresh).Ticks;
            (seeking, var step) = (round < Times.Majority.Ticks / 2 ? seeking.Hear(C, ClusterReport.None, now) : seeking).Decide(now);
            Assert.IsType<JoinStep.Wait>(step);
        }
    }

    [Fact]
    public void A_majority_waits_from_when_the_last_report_of_a_cluster_has_expired()
    {
        var seeking = Begin(B, firstStart: false);
        for (var now = TimeSpan.Zero; now < Times.Majority; now += TimeSpan.FromSeconds(1))
        {
            (seeking, var step) = seeking.Hear(C, ClusterReport.None, now).Hear(A, Of(1, "a:1"), now).Decide(now);
            Assert.Equal(new JoinStep.Join(A), step);
        }

        var gone = Times.Majority - TimeSpan.FromSeconds(1) + Times.Fresh;
        Assert.Equal(gone + Times.Majority, FormsAt(seeking, Times.Majority, C));
    }

    [Fact]
    public void A_minority_waits_from_when_the_last_report_of_a_cluster_has_expired()
    {
        var (seeking, _) = Begin(C).Decide(TimeSpan.Zero);
        seeking = seeking.Hear(A, Of(1, "a:1"), TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5) + Times.Fresh + Times.Minority, FormsAt(seeking, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public void A_minority_waits_from_when_it_begins_to_seek() =>
        Assert.Equal(TimeSpan.FromMinutes(1) + Times.Minority, FormsAt(Begin(C), TimeSpan.FromMinutes(1)));

    [Fact]
    public void An_old_answer_says_nothing()
    {
        var heard = Begin(B).Hear(A, Of(1, "a:1"), TimeSpan.Zero);
        Assert.IsType<JoinStep.Join>(heard.Decide(Times.Fresh - TimeSpan.FromTicks(1)).Step);
        Assert.IsType<JoinStep.Wait>(heard.Decide(Times.Fresh).Step);
    }

    [Fact]
    public void Of_replicas_that_hear_each_other_at_most_one_forms() => Gen.Select(Gen.Int[1, 7], Gen.Int[1, 127], Gen.Bool).Sample((count, heard, first) =>
    {
        var seeds = Enumerable.Range(0, count).Select(i => new HostPort($"{(char)('a' + i)}", 1)).ToImmutableArray();
        var alive = seeds.Where((_, i) => (heard >> i & 1) == 1).ToArray();
        var forming = alive.Count(self => After(Times.Majority, Begin(self, seeds, first && self == seeds[0]), [.. alive.Where(s => s != self)]) is JoinStep.Form);
        Assert.InRange(forming, 0, 1);
        Assert.True(forming == 1 || alive.Length * 2 <= count, "a majority must not wait for longer");
    });

    private static Seeking Begin(HostPort self, ImmutableArray<HostPort>? seeds = null, bool firstStart = true) =>
        new(self, seeds ?? Seeds, firstStart, TimeSpan.Zero, Times);

    private static ClusterReport Of(int size, string oldest) => new(size, new(oldest, 1), KnowsReceiver: false);

    /// <summary>The step after these seeds have reported every second, for that long, that they are in no cluster.</summary>
    private static JoinStep After(TimeSpan time, Seeking seeking, params HostPort[] seeds)
    {
        JoinStep step = new JoinStep.Wait();
        for (var now = TimeSpan.Zero; now <= time && step is JoinStep.Wait; now += TimeSpan.FromSeconds(1))
        {
            (seeking, step) = seeds.Aggregate(seeking, (s, seed) => s.Hear(seed, ClusterReport.None, now)).Decide(now);
        }

        return step;
    }

    /// <summary>The first second, from a time on, at which it forms a cluster while these seeds report that they are in none.</summary>
    private static TimeSpan FormsAt(Seeking seeking, TimeSpan from, params HostPort[] seeds)
    {
        for (var now = from; now < from + TimeSpan.FromMinutes(5); now += TimeSpan.FromSeconds(1))
        {
            (seeking, var step) = seeds.Aggregate(seeking, (s, seed) => s.Hear(seed, ClusterReport.None, now)).Decide(now);
            if (step is JoinStep.Form)
            {
                return now;
            }
        }

        throw new InvalidOperationException("no cluster was formed");
    }
}
