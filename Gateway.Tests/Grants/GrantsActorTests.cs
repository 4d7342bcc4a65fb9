using Akka.Actor;
using Akka.TestKit;
using Gateway.Actors.Cluster;
using Gateway.Actors.Composition;
using Gateway.Actors.Grants;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Grants;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Grants;

/// <summary>A replica, r0, with the others and an endpoint's actor played by the test.</summary>
public sealed class GrantsActorTests : ActorTest
{
    private const uint Epoch = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Replica[] _replicas = GranterTests.Replicas(3);
    private readonly Counts _counts = new();
    private readonly TestProbe _link;
    private readonly TestProbe _endpoint;
    private IActorRef _grants = ActorRefs.Nobody;

    public GrantsActorTests()
    {
        _link = CreateTestProbe();
        _endpoint = CreateTestProbe();
    }

    [Fact]
    public async Task A_wish_goes_to_the_granter_and_its_grant_to_the_endpoint()
    {
        var (endpoint, granter) = await StartAsync(mine: false);
        var ask = await SeekAsync(endpoint, granter);
        Say(granter, new GrantQueued(endpoint, ask.Ticket));
        Say(granter, new GrantGiven(endpoint, ask.Ticket));
        Assert.Equal(new TrialsPermitted(Epoch, Own: false), await _endpoint.ExpectMsgAsync<TrialsPermitted>());
        _grants.Tell(new TrialSent(endpoint));
        Assert.Equal(new SendToReplica(granter, new GrantUsed(endpoint, ask.Ticket)), await _link.ExpectMsgAsync<SendToReplica>());
        _grants.Tell(new TrialsEnded(endpoint, GrantEnd.Failed));
        Assert.Equal(new SendToReplica(granter, new GrantEnded(endpoint, ask.Ticket, GrantEnd.Failed)), await _link.ExpectMsgAsync<SendToReplica>());
    }

    [Fact]
    public async Task Without_an_answer_it_goes_by_permits_of_its_own_and_that_is_counted()
    {
        var (endpoint, granter) = await StartAsync(mine: false);
        await SeekAsync(endpoint, granter);
        await AdvanceAsync(GrantClaim.ReplyTimeout + GrantsActor.TickInterval);
        Assert.Equal(new TrialsPermitted(Epoch, Own: true), await _endpoint.ExpectMsgAsync<TrialsPermitted>());
        Assert.Equal((0, 0, 1), (_counts.Given, _counts.Expired, _counts.Unanswered));
    }

    [Fact]
    public async Task Alone_it_needs_nobodys_leave()
    {
        var (endpoint, _) = await StartAsync(mine: true);
        await SeeAsync(ClusterView.Alone(_replicas[0]));
        _grants.Tell(new SeekGrant(endpoint, Epoch, Timeout), _endpoint);
        Assert.Equal(new TrialsPermitted(Epoch, Own: true), await _endpoint.ExpectMsgAsync<TrialsPermitted>());
        Assert.Equal(0, _counts.Unanswered);
    }

    [Fact]
    public async Task It_gives_what_it_grants_to_one_after_the_other_itself_among_them()
    {
        var (endpoint, _) = await StartAsync(mine: true);
        Say(_replicas[1].Id, new AskGrant(endpoint, 1, Timeout, Holding: false));
        Assert.Equal(new SendToReplica(_replicas[1].Id, new GrantGiven(endpoint, 1)), await _link.ExpectMsgAsync<SendToReplica>());
        _grants.Tell(new SeekGrant(endpoint, Epoch, Timeout), _endpoint);

        // It sends itself a message, which follows this one.
        await _grants.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        await _grants.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        Say(_replicas[2].Id, new AskGrant(endpoint, 2, Timeout, Holding: false));
        Assert.Equal(new SendToReplica(_replicas[2].Id, new GrantQueued(endpoint, 2)), await _link.ExpectMsgAsync<SendToReplica>());

        Say(_replicas[1].Id, new GrantEnded(endpoint, 1, GrantEnd.Failed));
        Assert.Equal(new TrialsPermitted(Epoch, Own: false), await _endpoint.ExpectMsgAsync<TrialsPermitted>());
        _grants.Tell(new TrialsEnded(endpoint, GrantEnd.Failed));
        Assert.Equal(new SendToReplica(_replicas[2].Id, new GrantGiven(endpoint, 2)), await _link.ExpectMsgAsync<SendToReplica>());
        Assert.Equal(3, _counts.Given);
    }

    [Fact]
    public async Task A_holder_out_of_reach_holds_no_more_and_that_is_counted()
    {
        var (endpoint, _) = await StartAsync(mine: true);
        Say(_replicas[1].Id, new AskGrant(endpoint, 1, Timeout, Holding: false));
        Say(_replicas[2].Id, new AskGrant(endpoint, 2, Timeout, Holding: false));
        await _link.ExpectMsgAsync<SendToReplica>();
        await _link.ExpectMsgAsync<SendToReplica>();
        await SeeAsync(new(_replicas[0].Id, [_replicas[0], _replicas[1] with { Reachable = false }, _replicas[2]]));
        await AdvanceAsync(GrantBook.Settling);
        Assert.Equal(new SendToReplica(_replicas[2].Id, new GrantGiven(endpoint, 2)), await _link.ExpectMsgAsync<SendToReplica>());
        Assert.Equal((2, 1), (_counts.Given, _counts.Expired));
    }

    [Fact]
    public async Task A_success_is_sent_to_all_and_one_elsewhere_to_the_endpoint()
    {
        var (endpoint, _) = await StartAsync(mine: false);
        _grants.Tell(new TrialsEnded(endpoint, GrantEnd.Succeeded));
        Assert.Equal(new SendToAll(new EndpointProven(endpoint)), await _link.ExpectMsgAsync<SendToAll>());
        Say(_replicas[2].Id, new EndpointProven(TestEndpoints.Id(200)));
        Say(_replicas[2].Id, new EndpointProven(endpoint));
        await _endpoint.ExpectMsgAsync<ProvenElsewhere>();
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_wants_nothing_any_more_and_a_grant_that_comes_late_is_returned()
    {
        var (endpoint, granter) = await StartAsync(mine: false);
        var ask = await SeekAsync(endpoint, granter);
        Sys.Stop(_endpoint.Ref);
        Assert.Equal(new SendToReplica(granter, new GrantEnded(endpoint, ask.Ticket, GrantEnd.Returned)), await _link.ExpectMsgAsync<SendToReplica>());
        Say(granter, new GrantGiven(endpoint, ask.Ticket));
        Assert.Equal(new SendToReplica(granter, new GrantEnded(endpoint, ask.Ticket, GrantEnd.Returned)), await _link.ExpectMsgAsync<SendToReplica>());
    }

    /// <summary>Three replicas, and an endpoint granted by this one, or by another.</summary>
    private async Task<(EndpointId Endpoint, ReplicaId Granter)> StartAsync(bool mine)
    {
        var view = new ClusterView(_replicas[0].Id, _replicas);
        await SeeAsync(view);
        var environment = new ActorEnvironment(Clock, () => 0.5, Probe, Observer, NullLoggerFactory.Instance) { Views = Views, GrantObserver = _counts };
        var actors = new ActorFactory(environment);
        _grants = Sys.ActorOf(actors.Grants(actors.PeersVia(_link)));
        var endpoint = Enumerable.Range(1, 200).Select(n => TestEndpoints.Id(n)).First(id => Granter.Of(id, view) == view.Self.Id == mine);
        _grants.Tell(new WatchTrials(endpoint), _endpoint);
        await _grants.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        await AdvanceAsync(GrantBook.Settling);
        return (endpoint, Granter.Of(endpoint, view)!.Value);
    }

    private async Task<AskGrant> SeekAsync(EndpointId endpoint, ReplicaId granter)
    {
        _grants.Tell(new SeekGrant(endpoint, Epoch, Timeout), _endpoint);
        var sent = await _link.ExpectMsgAsync<SendToReplica>();
        Assert.Equal(granter, sent.To);
        var ask = Assert.IsType<AskGrant>(sent.Message);
        Assert.Equal((endpoint, Timeout, false), (ask.Endpoint, ask.Timeout, ask.Holding));
        return ask;
    }

    private void Say(ReplicaId from, IGrantMessage message) => Sys.EventStream.Publish(new FromReplica<IGrantMessage>(from, message));

    private sealed class Counts : IGrantObserver
    {
        private int _given;
        private int _expired;
        private int _unanswered;

        public int Given => Volatile.Read(ref _given);

        public int Expired => Volatile.Read(ref _expired);

        public int Unanswered => Volatile.Read(ref _unanswered);

        void IGrantObserver.Given(EndpointId endpoint) => Interlocked.Increment(ref _given);

        void IGrantObserver.Expired(EndpointId endpoint) => Interlocked.Increment(ref _expired);

        void IGrantObserver.Unanswered(EndpointId endpoint) => Interlocked.Increment(ref _unanswered);
    }
}
