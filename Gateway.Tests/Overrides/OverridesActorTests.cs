using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Gateway.Actors;
using Gateway.Actors.Local;
using Gateway.Actors.Overrides;
using Gateway.Core.Membership;
using Gateway.Core.Overrides;
using Gateway.Tests.Actors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Overrides;

public sealed class OverridesActorTests : TestKit
{
    private readonly OverridesHolder _held = new();
    private readonly TestProbe _pools;
    private readonly IActorRef _overrides;

    public OverridesActorTests()
        : base("akka.loglevel = WARNING")
    {
        _pools = CreateTestProbe();
        var environment = new ActorEnvironment(new FakeTimeProvider(), () => 0.5, new ScriptedProbe(), new RecordingObserver(), NullLoggerFactory.Instance)
        {
            Overrides = _held,
        };
        var pools = _pools.Ref;
        _overrides = Sys.ActorOf(Props.Create(() => new OverridesActor(pools, environment)));
    }

    [Fact]
    public async Task A_change_is_held_and_told_and_answered_by_the_pools()
    {
        var listener = CreateTestProbe();
        _overrides.Tell(new ShareOverrides(listener));
        Assert.Equal(OverrideMap.Empty, (await listener.ExpectMsgAsync<OverridesChanged>()).Map);
        _overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Drain(), "someone"), TestActor);
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        Assert.Equal(TestActor, _pools.LastSender);
        var told = await listener.ExpectMsgAsync<OverridesChanged>();
        Assert.Equal(_held.Current, told.Map);
        Assert.Equal(
            new EndpointOverride(new(1, new ReplicaId("gateway", 0)), Draining: true, Who: "someone"), _held.Current[TestEndpoints.Id(1)]);
    }

    [Fact]
    public async Task Each_change_is_later_than_all_that_were_seen()
    {
        var seen = OverrideMap.Empty.With(TestEndpoints.Id(2), new(new(41, new ReplicaId("far:1", 9)), Removed: true));
        _overrides.Tell(new MergeOverrides(seen));
        _overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Reweight(3), "someone"));
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        Assert.Equal(42, _held.Current[TestEndpoints.Id(1)]!.Stamp.Time);
        Assert.True(_held.Current[TestEndpoints.Id(2)]!.Removed);
    }

    [Fact]
    public async Task What_is_known_already_disturbs_nobody()
    {
        _overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Drain(), "someone"));
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        _overrides.Tell(new MergeOverrides(_held.Current));
        _overrides.Tell(new MergeOverrides(OverrideMap.Empty));
        await _pools.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }
}
