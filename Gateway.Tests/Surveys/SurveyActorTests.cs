using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Gateway.Actors.Cluster;
using Gateway.Actors.Inspection;
using Gateway.Actors.Running;
using Gateway.Actors.Surroundings;
using Gateway.Actors.Surveys;
using Gateway.Core.Addressing;
using Gateway.Core.Analytics;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Core.Traffic;
using Gateway.Tests.Actors;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Surveys;

/// <summary>How all replicas are asked for their state of an endpoint.</summary>
public sealed class SurveyActorTests : ActorTest
{
    private static readonly EndpointAccount Drained = new(
        EndpointState.Draining, "drained by an operator", Verdict.Healthy, new(BreakerPhase.Closed, 0, 0, 0, 0, null), null, InFlight: 0, Draining: true, 0, 0);

    private readonly RunningClock _running;
    private readonly TestProbe _link;
    private readonly TestProbe _asker;
    private readonly IActorRef _surveys;

    public SurveyActorTests()
    {
        (_running, _link, _asker) = (new(Clock), CreateTestProbe(), CreateTestProbe());
        var peers = new Peers(_link, Views);
        var inspector = new ReplicaInspector(new PoolsOnly(() => [.. Pools.Values]), new(new EvidenceLedger(), Views), Clock, _running);
        _surveys = Sys.ActorOf(Props.Create(() => new SurveyActor(id => EndpointAccount.Of(inspector.Find(id.ToString())), peers)));
    }

    [Fact]
    public async Task A_replica_that_is_alone_answers_at_once()
    {
        Views.Current = Cast.View();
        await ConfigureAsync(Settings(1));
        _surveys.Tell(new SurveyEndpoint(TestEndpoints.Id(1)), _asker);
        _surveys.Tell(new SurveyEndpoint(TestEndpoints.Id(2)), _asker);

        var own = Assert.Single((await _asker.ExpectMsgAsync<EndpointSurvey>()).Accounts);
        Assert.Equal(("r1", "a", true, true, 0), (own.Replica, own.Zone, own.Reachable, own.Answered, own.InFlight));
        Assert.Equal((false, false), (own.Account!.Draining, own.IsQuiet));
        Assert.Equal(new ReplicaAccount("r1", "a", true, true, null), Assert.Single((await _asker.ExpectMsgAsync<EndpointSurvey>()).Accounts));
        await _link.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task All_reachable_members_are_waited_for_and_the_others_shown()
    {
        Views.Current = Cast.View(Cast.Replica(2, "b"), Cast.Replica(3, reachable: false), Cast.Replica(4));
        var question = await AskAsync();
        await StartedAsync();
        Say(4, new(question, Drained with { Draining = false }));
        await _asker.ExpectNoMsgAsync(TimeSpan.Zero);
        Say(2, new(question, Drained));

        var accounts = (await _asker.ExpectMsgAsync<EndpointSurvey>()).Accounts;
        Assert.Equal([("r1", true, true), ("r2", true, true), ("r3", false, false), ("r4", true, true)], accounts.Select(a => (a.Replica, a.Reachable, a.Answered)));
        Assert.Equal([null, Drained, null, Drained with { Draining = false }], accounts.Select(a => a.Account));
        Assert.Equal([true, true, false, false], accounts.Select(a => a.IsQuiet)); // The first does not have it.
    }

    [Fact]
    public async Task A_member_that_does_not_answer_in_time_is_shown_so_and_its_late_answer_changes_nothing()
    {
        Views.Current = Cast.View(Cast.Replica(2));
        var question = await AskAsync();
        await AdvanceAsync(SurveyActor.Patience - TimeSpan.FromMilliseconds(1));
        await StartedAsync();
        await _asker.ExpectNoMsgAsync(TimeSpan.Zero);
        await AdvanceAsync(TimeSpan.FromMilliseconds(1));

        var silent = (await _asker.ExpectMsgAsync<EndpointSurvey>()).Accounts[1];
        Assert.Equal(new ReplicaAccount("r2", "a", Reachable: true, Answered: false, null), silent);
        Assert.False(silent.Draining);

        Say(2, new(question, Drained));
        await StartedAsync();
        await _asker.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Another_replicas_question_is_answered_to_it_alone()
    {
        await ConfigureAsync(Settings(1));
        await StartedAsync();
        Sys.EventStream.Publish(new FromReplica<ISurveyMessage>(Cast.Id(2), new AskAccount(TestEndpoints.Id(1), 7)));
        Sys.EventStream.Publish(new FromReplica<ISurveyMessage>(Cast.Id(3), new AskAccount(TestEndpoints.Id(2), 8)));

        var known = await _link.ExpectMsgAsync<SendToReplica>();
        var given = Assert.IsType<AccountGiven>(known.Message);
        Assert.Equal((Cast.Id(2), 7L, false), (known.To, given.Question, given.Account!.Draining));
        Assert.Equal(new SendToReplica(Cast.Id(3), new AccountGiven(8, null)), await _link.ExpectMsgAsync<SendToReplica>());
    }

    protected override void Dispose(bool disposing)
    {
        _running.Dispose();
        base.Dispose(disposing);
    }

    private async Task<long> AskAsync()
    {
        _surveys.Tell(new SurveyEndpoint(TestEndpoints.Id(1)), _asker);
        var ask = Assert.IsType<AskAccount>((await _link.ExpectMsgAsync<SendToAll>()).Message);
        Assert.Equal(TestEndpoints.Id(1), ask.Endpoint);
        return ask.Question;
    }

    /// <summary>Only then does the actor hear what other replicas say, and has heard what they said before.</summary>
    private Task<ActorIdentity> StartedAsync() => _surveys.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));

    private void Say(int replica, AccountGiven given) => Sys.EventStream.Publish(new FromReplica<ISurveyMessage>(Cast.Id(replica), given));

    /// <summary>A process without traffic, of which nothing is looked at but its pools.</summary>
    private sealed class PoolsOnly(Func<IReadOnlyList<Pool>> pools) : IReplica, IReplicaTraffic
    {
        public string GatewayId => "r1";

        public string? Zone => null;

        public string Version => "";

        public string EventLoop => "";

        public DateTimeOffset StartedAt => default;

        public ReplicaPhase Phase => ReplicaPhase.Ready;

        public IReadOnlyList<Pool> Pools => pools();

        public ImmutableArray<RouteReport> Routes => [];

        public ImmutableArray<CertificateReport> Certificates => [];

        public string Configuration => "";

        public IReplicaTraffic Traffic => this;

        public int ActiveRequests => 0;

        public TrafficRates Requests => TrafficRates.None;

        public RouteExplanation Explain(string method, string url, ImmutableArray<string> fields, string client) => throw new NotSupportedException();

        public TrafficRates AttemptsAt(EndpointId endpoint) => TrafficRates.None;

        public ImmutableArray<SeriesReading> Analytics(AnalyticsQuery query) => [];

        public (int Open, long Created) ConnectionsTo(EndpointCell cell) => default;
    }
}
