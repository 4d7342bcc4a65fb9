using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Gateway.Actors.Agreement;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;
using Gateway.Core.Pools;
using Gateway.Tests.Actors;
using Gateway.Tests.Evidence;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Agreement;

public sealed class AgreementActorTests : ActorTest
{
    private readonly SettingsAgreement _agreement = new();
    private readonly List<Pool> _pools = [new(new() { Name = "default", Endpoints = [] }), new(new() { Name = "shop", Endpoints = [] })];
    private readonly TestProbe _link;
    private readonly IActorRef _actor;

    public AgreementActorTests()
    {
        _link = CreateTestProbe();
        Views.Current = Cast.View(Cast.Replica(2));
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(Logged));
        var (pools, peers, agreement, time) = (_pools, new Peers(_link, Views), _agreement, new ActorClock(Clock));
        Func<PoolSettings, long> digest = pool => pool.PanicThreshold;
        _actor = Sys.ActorOf(Props.Create(() => new AgreementActor(() => pools, digest, peers, agreement, time, loggers)));
    }

    [Fact]
    public async Task Settings_that_differ_for_long_are_named_and_so_is_the_end_of_it()
    {
        await PassAsync(AgreementActor.Interval);
        var told = Assert.IsType<SettingsTold>((await _link.ExpectMsgAsync<SendToAll>()).Message);
        Assert.Equal([("default", 0L), ("shop", 0L)], told.Digests.Select(d => (d.Key, d.Value)));

        await TellAsync(("default", 0), ("shop", 7), ("new", 0));
        Assert.Null(_agreement.Describe(Cast.Id(2)));
        var heard = CreateTestProbe();
        Sys.EventStream.Subscribe(heard, typeof(AgreementChanged));
        await PassAsync(AgreementActor.Grace);
        await heard.ExpectMsgAsync<AgreementChanged>();
        Assert.Equal("other: new, shop", _agreement.Describe(Cast.Id(2)));
        Assert.Single(Logged.Lines, line => line.Contains("has different settings than this replica for: new, shop", StringComparison.Ordinal));

        var changed = _pools[1].Settings with { PanicThreshold = 7 };
        _pools[1].Publish(changed, changed, [], view: null, TimeSpan.Zero);
        _pools.Add(new(new() { Name = "new", Endpoints = [] }));
        await PassAsync(AgreementActor.Interval);
        Assert.Null(_agreement.Describe(Cast.Id(2)));
        Assert.Single(Logged.Lines, line => line.Contains("has the same settings as this replica again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_left_is_forgotten_and_a_stranger_is_not_listened_to()
    {
        await PassAsync(AgreementActor.Interval);
        await TellAsync(("default", 9));
        Sys.EventStream.Publish(new FromReplica<IAgreementMessage>(Cast.Id(5), Told(("default", 9))));
        await HandledAsync();
        await PassAsync(AgreementActor.Grace);
        Assert.Equal([Cast.Id(2)], _agreement.Current.Keys);
        Views.Current = Cast.View();
        await PassAsync(AgreementActor.Interval);
        Assert.Empty(_agreement.Current);
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += AgreementActor.Interval)
        {
            await AdvanceAsync(AgreementActor.Interval);
            await HandledAsync();
        }
    }

    private async Task TellAsync(params (string Pool, long Digest)[] pools)
    {
        Sys.EventStream.Publish(new FromReplica<IAgreementMessage>(Cast.Id(2), Told(pools)));
        await HandledAsync();
    }

    private Task<ActorIdentity> HandledAsync() => _actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));

    private static SettingsTold Told(params (string Pool, long Digest)[] pools) => new(pools.ToImmutableSortedDictionary(p => p.Pool, p => p.Digest));
}
