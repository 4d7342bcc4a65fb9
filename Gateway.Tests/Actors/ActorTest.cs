using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Gateway.Actors.Cluster;
using Gateway.Actors.Composition;
using Gateway.Actors.Local;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Actors;

/// <summary>
/// The gateway's actors under virtual time: nothing happens by the clock unless a test advances it, and a test continues when every message sent so far has
/// been handled. A message that no actor handles fails the test.
/// </summary>
public abstract class ActorTest : TestKit
{
    private static readonly Config Virtual = ConfigurationFactory.ParseString("""
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.test.single-expect-default = 60s
        """);

    private readonly UnhandledRecorder _unhandled;

    /// <param name="maxConcurrentProbes">Null: as many as needed.</param>
    protected ActorTest(int? maxConcurrentProbes = 4)
        : base(Virtual)
    {
        _unhandled = UnhandledRecorder.Of(Sys);
        Link = CreateTestProbe();
        Environment =
            new ActorEnvironment(Clock, () => 0.5, Probe, Observer, LoggerFactory.Create(logging => logging.AddProvider(Logged)), maxConcurrentProbes)
            {
                Views = Views,
                Running = Running,
            };
        var actors = new ActorFactory(Environment);
        var peers = actors.PeersVia(Link);
        Prober = Sys.ActorOf(actors.Prober(), "prober");
        Evidence = Sys.ActorOf(actors.Evidence(peers), "evidence");
        Grants = Sys.ActorOf(actors.Grants(peers), "grants");
        PoolsActor = Sys.ActorOf(actors.Pools(Prober, Evidence, Grants), "pools");
    }

    protected ActorEnvironment Environment { get; }

    private protected FakeTimeProvider Clock { get; } = new();

    /// <summary>The clock that stands still while the process is stopped.</summary>
    private protected FakeTimeProvider Running { get; } = new();

    private protected LogRecorder Logged { get; } = new();

    /// <summary>The cluster: this replica alone, unless a test changes it.</summary>
    protected ClusterViews Views { get; } = new(new() { GatewayId = "r0" });

    private protected ScriptedProbe Probe { get; } = new();

    private protected RecordingObserver Observer { get; } = new();

    protected IActorRef PoolsActor { get; }

    protected IActorRef Prober { get; }

    protected IActorRef Evidence { get; }

    protected IActorRef Grants { get; }

    /// <summary>Stands for the cluster: receives this replica's messages to the others.</summary>
    protected TestProbe Link { get; }

    protected ImmutableDictionary<string, Pool> Pools { get; private set; } = ImmutableDictionary<string, Pool>.Empty;

    protected Pool Pool => Pools[PoolSettings.DefaultName];

    protected TimeSpan Elapsed => Clock.GetElapsedTime(0);

    /// <summary>A pool of the endpoints 10.0.0.1 to 10.0.0.count.</summary>
    protected static PoolSettings Settings(int count, string name = PoolSettings.DefaultName) => new()
    {
        Name = name,
        Endpoints = [.. Enumerable.Range(1, count).Select(i => new EndpointSettings(TestEndpoints.Address(i)))],
    };

    protected async Task ConfigureAsync(params PoolSettings[] pools)
    {
        Pools = (await PoolsActor.Ask<PoolsConfigured>(new ConfigurePools([.. pools]), RawBackend.WaitTimeout)).Pools;
        await SettleAsync();
    }

    /// <summary>Sets the view of the cluster: this replica first, one in each of these zones.</summary>
    protected async Task ClusterAsync(params string?[] zones)
    {
        Replica[] replicas =
            [.. zones.Select((zone, i) => new Replica(new($"r{i}", i), zone, false, ReplicaStatus.Up, Reachable: true, $"r{i}"))];
        await SeeAsync(new(replicas[0].Id, replicas));
    }

    protected async Task SeeAsync(ClusterView view)
    {
        Views.Current = view;
        Sys.EventStream.Publish(new ClusterChanged(view));
        await PoolsActor.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        await AdvanceAsync(RouterActor.Coalescing);
    }

    /// <summary>Advances both clocks, then lets due work complete.</summary>
    protected async Task AdvanceAsync(TimeSpan by)
    {
        // The last observation may not have armed its timer yet.
        await SettleAsync();
        Running.Advance(by);
        Clock.Advance(by);
        ((TestScheduler)Sys.Scheduler).Advance(by);
        await SettleAsync();
    }

    /// <summary>Stops the process for a while; all timers that fell due meanwhile fire when it continues.</summary>
    protected async Task StopAsync(TimeSpan time)
    {
        await SettleAsync();
        Clock.Advance(time);
        ((TestScheduler)Sys.Scheduler).Advance(time);
        await SettleAsync();
    }

    /// <summary>
    /// Completes when the evidence actor and the endpoints, which exchange messages, then routers, then the pools actor have handled all messages sent before.
    /// </summary>
    protected async Task SettleAsync()
    {
        for (var round = 0; round < 2; round++)
        {
            await Evidence.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
            await Grants.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
            await SettleAsync("/user/pools/*/*", Pools.Values.Sum(p => p.Endpoints.Length));
        }

        await SettleAsync("/user/pools/*", Pools.Count);
        await PoolsActor.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        Assert.Empty(_unhandled.Recorded);
    }

    /// <summary>The next message of this type to the others.</summary>
    private protected async Task<T> ToldAsync<T>()
        where T : IWireMessage
    {
        while (true)
        {
            switch (await Link.ReceiveOneAsync(RawBackend.WaitTimeout))
            {
                case SendToAll(T all):
                    return all;
                case SendToReplica(_, T one):
                    return one;
                case null:
                    throw new TimeoutException($"no {typeof(T).Name} was sent");
                default:
                    break;
            }
        }
    }

    protected PickResult Pick(ulong random = 1) => Pool.Picker.Pick(new PickContext(0, random, Elapsed));

    /// <summary>The endpoints of a hundred picks.</summary>
    protected HashSet<EndpointAddress> Picked()
    {
        var picked = new HashSet<EndpointAddress>();
        for (var i = 0; i < 100; i++)
        {
            if (Pick((ulong)i * 7919) is { Kind: PickKind.Picked } result)
            {
                var lease = result.Lease;
                picked.Add(lease.Cell.Id.Address);
                lease.Release();
            }
        }

        return picked;
    }

    protected PoolMember MemberAt(int number) => Pool.Snapshot.Members.Single(member => member.Id.Address == TestEndpoints.Address(number));

    protected Endpoint EndpointAt(int number) => MemberAt(number).Endpoint;

    private async Task SettleAsync(string path, int count)
    {
        var probe = CreateTestProbe();
        Sys.ActorSelection(path).Tell(new Identify(0), probe);
        for (var i = 0; i < count; i++)
        {
            await probe.ExpectMsgAsync<ActorIdentity>(RawBackend.WaitTimeout);
        }
    }
}
