using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Gateway.Actors.Analytics;
using Gateway.Actors.Cluster;
using Gateway.Core.Analytics;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Analytics;

/// <summary>Collecting and adding up the replicas' counts.</summary>
public sealed class AnalyticsActorTests : ActorTest
{
    private static readonly SeriesKey Counted = SeriesKey.OfPool("default");
    private static readonly AnalyticsQuery Query = new(SeriesKind.Pool, AnalyticsWindow.OneMinute);

    private readonly TestProbe _link;
    private readonly TestProbe _asker;
    private readonly IActorRef _actor;
    private ImmutableArray<SeriesReading> _own = [Reading(Counted, 10)];

    public AnalyticsActorTests()
    {
        (_link, _asker) = (CreateTestProbe(), CreateTestProbe());
        var peers = new Peers(_link, Views);
        Func<AnalyticsQuery, ImmutableArray<SeriesReading>> own = _ => _own;
        _actor = Sys.ActorOf(Props.Create(() => new AnalyticsActor(own, peers)));
    }

    [Fact]
    public async Task A_replica_that_is_alone_asks_nobody()
    {
        Views.Current = Cast.View();
        _actor.Tell(new GetClusterAnalytics(Query), _asker);
        await AssertSumAsync(10, ["r1"]);
        await _link.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_counts_of_the_others_are_added_in_whatever_order_they_answer()
    {
        var question = await AskAsync(Cast.Replica(2), Cast.Replica(3));
        Say(3, new(question, 1, 2, 0, [Reading(SeriesKey.OfPool("other"), 7)]));
        Say(2, new(question, 0, 1, 0, [Reading(Counted, 5)]));
        Say(3, new(question, 1, 2, 0, [Reading(SeriesKey.OfPool("other"), 7)])); // Repeating a part changes nothing.
        Say(3, new(question, 0, 2, 4, [Reading(Counted, 1)]));
        var sum = await AssertSumAsync(16, ["r1", "r2", "r3"]);
        Assert.Equal((4, 7L), (sum.LeftOut, sum.Series.Single(s => s.Key.Pool == "other").Busiest));
    }

    [Fact]
    public async Task A_replica_that_answers_late_or_only_in_part_is_named_and_not_counted()
    {
        var question = await AskAsync(Cast.Replica(2), Cast.Replica(3), Cast.Replica(4, reachable: false));
        Say(2, new(question, 0, 2, 0, [Reading(Counted, 5)]));
        Say(3, new(question, 0, 1, 0, [Reading(Counted, 3)]));
        await StartedAsync();
        await AdvanceAsync(AnalyticsActor.ReplyTimeout);
        var sum = await AssertSumAsync(13, ["r1", "r3"]);
        Assert.Equal([new("r2", "no answer within 1 s"), new("r4", "cannot be reached")], sum.Missing.AsEnumerable());

        Say(2, new(question, 1, 2, 0, [Reading(Counted, 5)])); // Too late.
        await StartedAsync();
        await _asker.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Strangers_and_nonsense_are_not_counted()
    {
        var question = await AskAsync(Cast.Replica(2));
        Say(9, new(question, 0, 1, 0, [Reading(Counted, 1_000)]));
        Say(2, new(question + 1, 0, 1, 0, [Reading(Counted, 1_000)]));
        Say(2, new(question, 0, 0, 0, []));
        Say(2, new(question, 7, 7, 0, []));
        Say(2, new(question, -1, 1, 0, []));
        Say(2, new(question, 0, int.MaxValue, 0, []));
        Say(2, new(question, 0, 1, 0, [Reading(Counted, 1)]));
        await AssertSumAsync(11, ["r1", "r2"]);
    }

    [Fact]
    public async Task Answers_to_no_question_are_not_counted()
    {
        var question = await AskAsync(Cast.Replica(2));
        var counts = new SeriesCounts(1_000, 0, LatencyCounts.Empty, LatencyCounts.Empty);
        Say(2, new(question, 0, 1, -5, [])); // Not a number of series.
        Say(2, new(question, 0, 1, 0,
        [
            new(Counted, [.. AnalyticsWindows.All.Select(window => WindowReading.Of(window, TimeSpan.FromSeconds(60), window == Query.Window ? new(5, 0, LatencyCounts.Empty, LatencyCounts.Empty) : counts))]),
            new(SeriesKey.OfPool("nothing"), []),
            new(SeriesKey.OfPool("other window"), [WindowReading.Of(AnalyticsWindow.FiveMinutes, TimeSpan.FromSeconds(60), counts)]),
            Reading(SeriesKey.Route("other kind"), 1_000),
        ]));
        var sum = await AssertSumAsync(15, ["r1", "r2"]);
        Assert.Equal((Query.Window, 0), (Assert.Single(Assert.Single(sum.Series).Windows).Window, sum.LeftOut));
    }

    [Fact]
    public async Task The_names_are_those_of_the_time_of_asking_and_one_that_leaves_is_missing()
    {
        var leaving = Cast.Replica(4) with { Status = ReplicaStatus.Leaving };
        var question = await AskAsync(Cast.Replica(2), Cast.Replica(3), leaving, Cast.Replica(5) with { Status = ReplicaStatus.Joining });
        Say(2, new(question, 0, 1, 0, [Reading(Counted, 5)]));
        await StartedAsync();
        Views.Current = Cast.View(Cast.Replica(3), Cast.Replica(6)); // One has left, another has joined.
        Say(3, new(question, 0, 1, 0, [Reading(Counted, 3)]));
        var sum = await AssertSumAsync(18, ["r1", "r2", "r3"]);
        Assert.Equal([new("r4", "is leaving")], sum.Missing.AsEnumerable());
    }

    [Fact]
    public async Task A_question_of_another_replica_is_answered_in_parts_that_are_not_too_long()
    {
        var latencies = LatencyCountsTests.LatenciesOf([.. Enumerable.Range(1, 3_000).Select(i => i * 10_000L)]);
        _own =
        [
            .. Enumerable.Range(0, 20_000).Select(i => new SeriesReading(
                SeriesKey.Endpoint("default", $"10.0.{i / 250}.{i % 250}:80"),
                [WindowReading.Of(AnalyticsWindow.OneMinute, TimeSpan.FromSeconds(60), new(1 + i, 0, latencies, latencies))])),
            Reading(Counted, 1),
            Reading(SeriesKey.OfPool("idle"), 0),
        ];
        Views.Current = Cast.View(Cast.Replica(2));
        await IsAskedAsync(new AskAnalytics(77, default));
        var parts = new List<AnalyticsGiven>();
        do
        {
            var sent = await _link.ExpectMsgAsync<SendToReplica>();
            Assert.Equal(Cast.Id(2), sent.To);
            parts.Add(Assert.IsType<AnalyticsGiven>(sent.Message));
        }
        while (parts.Count < parts[0].Parts);

        Assert.All(parts, part => Assert.InRange(new Gateway.Actors.Cluster.Wire.WireSerializer(null!).ToBinary(part).Length, 1, 64 * 1024));
        Assert.Equal(Enumerable.Range(0, parts.Count), parts.Select(part => part.Index));
        var told = parts.SelectMany(part => part.Series).ToList();
        Assert.Equal((Counted, SeriesKind.Endpoint), (told[0].Key, told[1].Key.Kind));
        Assert.Equal(20_001, told.Count + parts[0].LeftOut);
        Assert.True(parts[0].LeftOut > 0 && told.Skip(1).Min(s => s.Busiest) == parts[0].LeftOut + 1); // The least busy ones.
        Assert.DoesNotContain(told, one => one.Key.Pool == "idle");
    }

    [Fact]
    public async Task One_that_has_counted_nothing_says_so()
    {
        _own = [];
        Views.Current = Cast.View(Cast.Replica(2));
        await IsAskedAsync(new AskAnalytics(3, Query));
        var given = Assert.IsType<AnalyticsGiven>((await _link.ExpectMsgAsync<SendToReplica>()).Message);
        Assert.Equal((3L, 0, 1, 0, true), (given.Question, given.Index, given.Parts, given.LeftOut, given.Series.IsEmpty));
    }

    private static SeriesReading Reading(SeriesKey key, int count) => new(key, [
        WindowReading.Of(AnalyticsWindow.OneMinute, TimeSpan.FromSeconds(60), new(count, 0, LatencyCounts.Empty, LatencyCounts.Empty)),
    ]);

    private async Task<long> AskAsync(params Replica[] others)
    {
        Views.Current = Cast.View(others);
        _actor.Tell(new GetClusterAnalytics(Query), _asker);
        var ask = Assert.IsType<AskAnalytics>((await _link.ExpectMsgAsync<SendToAll>()).Message);
        Assert.Equal(Query, ask.Query);
        return ask.Question;
    }

    private async Task IsAskedAsync(AskAnalytics question)
    {
        await StartedAsync();
        Sys.EventStream.Publish(new FromReplica<IAnalyticsMessage>(Cast.Id(2), question));
    }

    /// <summary>Completes when the actor receives the other replicas' messages, and has handled earlier ones.</summary>
    private Task<ActorIdentity> StartedAsync() => _actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));

    private void Say(int replica, AnalyticsGiven given) => Sys.EventStream.Publish(new FromReplica<IAnalyticsMessage>(Cast.Id(replica), given));

    private async Task<ClusterAnalytics> AssertSumAsync(long count, string[] replicas)
    {
        var sum = await _asker.ExpectMsgAsync<ClusterAnalytics>();
        Assert.Equal(replicas, sum.Replicas);
        Assert.Equal(count, sum.Series.Single(s => s.Key == Counted).Busiest);
        return sum;
    }
}
