using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Overrides;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Overrides;

public sealed class OverridesActorTests : TestKit
{
    private static readonly WireSerializer Serializer = new(null!);

    private readonly OverridesHolder _held = new();
    private readonly TestProbe _pools;
    private readonly IActorRef _overrides;

    public OverridesActorTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 60s }")
    {
        _pools = CreateTestProbe();
        _overrides = Start(_held);
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
        Assert.Equal(new EndpointOverride([new(new(1, _held.Writer), RemarkKind.Drained, "someone")]), _held.Current[TestEndpoints.Id(1)]);
    }

    [Fact]
    public async Task Each_change_is_later_than_all_that_were_seen()
    {
        var far = OverridePart.Empty.With(TestEndpoints.Id(2), new([new(new(41, 9), RemarkKind.Removed, "far")]), new(41, 9));
        _overrides.Tell(new MergeOverrides(OverrideMap.PartOf(TestEndpoints.Id(2)), far));
        _overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Reweight(3), "someone"));
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        Assert.Equal(42, _held.Current[TestEndpoints.Id(1)]!.Remarks.Single().Stamp.Time);
        Assert.True(_held.Current[TestEndpoints.Id(2)]!.Removed);
    }

    [Fact]
    public async Task Known_overrides_are_not_applied_again()
    {
        _overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Drain(), "someone"));
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        var part = OverrideMap.PartOf(TestEndpoints.Id(1));
        _overrides.Tell(new MergeOverrides(part, _held.Current.Parts[part]));
        _overrides.Tell(new MergeOverrides(part, OverridePart.Empty));
        await _pools.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task No_change_is_taken_before_the_existing_ones_were_read()
    {
        var held = new OverridesHolder(shared: true);
        var overrides = Start(held);
        overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Undrain(), "someone"), TestActor);
        Assert.Contains("has not received the existing overrides yet", (await ExpectMsgAsync<ChangeAnswer.Refused>()).Why, StringComparison.Ordinal);
        Assert.Equal(OverrideMap.Empty, held.Current);

        var drained = new Remark(new(3, 9), RemarkKind.Drained, "far");
        overrides.Tell(new MergeOverrides(OverrideMap.PartOf(TestEndpoints.Id(1)), OverridePart.Empty.With(TestEndpoints.Id(1), new([drained]), drained.Stamp)));
        overrides.Tell(new OverridesRead());
        overrides.Tell(new ChangeEndpoint(TestEndpoints.Id(1), new EndpointChange.Undrain(), "someone"), TestActor);
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        await _pools.ExpectMsgAsync<ReapplyOverrides>();
        Assert.Empty(held.Current.All);
    }

    [Fact]
    public async Task More_than_fit_are_refused()
    {
        for (var i = 0; i < OverrideMap.MaxCount; i++)
        {
            _overrides.Tell(new ChangeEndpoint(Number(i), new EndpointChange.Add(new()), "someone"));
        }

        _overrides.Tell(new ChangeEndpoint(Number(OverrideMap.MaxCount), new EndpointChange.Add(new()), "someone"), TestActor);
        Assert.Contains("which is the maximum", (await ExpectMsgAsync<ChangeAnswer.Refused>(TimeSpan.FromSeconds(60))).Why, StringComparison.Ordinal);
        Assert.Equal(OverrideMap.MaxCount, _held.Current.Count);
    }

    [Fact]
    public async Task After_20000_adds_and_removes_nothing_is_left()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _overrides.Tell(new ChangeEndpoint(Number(i), new EndpointChange.Add(new()), "autoscaler"));
            _overrides.Tell(new ChangeEndpoint(Number(i), new EndpointChange.Revert(), "autoscaler"));
        }

        await _overrides.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60));
        Assert.Empty(_held.Current.All);
        Assert.Equal(40_000, _held.Current.Time);
        Assert.All(_held.Current.Parts, part => Assert.InRange(Serializer.ToBinary(new OverridesData(part)).Length, 0, 100));
    }

    private IActorRef Start(OverridesHolder held)
    {
        var pools = _pools.Ref;
        return Sys.ActorOf(Props.Create(() => new OverridesActor(pools, held, NullLoggerFactory.Instance)));
    }

    private static EndpointId Number(int number) => new("default", TestEndpoints.Address($"http://10.{number / 65536}.{number / 256 % 256}.{number % 256}:8080"));
}
