using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Composition;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Cluster;

/// <summary>
/// One replica as seen by the cluster: a real cluster system on loopback, and the actor that keeps it there. Times are short, and the network between replicas
/// can be cut.
/// </summary>
internal sealed class TestReplica : IAsyncDisposable
{
    /// <summary>The time limit of any operation on a slow machine under load.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _gateway = ActorSystem.Create("gateway", "akka { stdout-loglevel = OFF, loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }");
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly ReservedPort _port;
    private readonly Lock _network = new();
    private ImmutableHashSet<string> _cut = [];
    private readonly SemaphoreSlim _lives = new(0);
    private volatile ActorSystem? _node;

    private TestReplica(ReservedPort port, ClusterOptions options, bool sharesOverrides)
    {
        _port = port;
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Information).AddFilter("Akka", LogLevel.Error));
        var all = options with
        {
            Resident = node =>
            {
                options.Resident?.Invoke(node);
                Moved(node);
            },
        };
        Views = new(all);
        Environment = new ActorEnvironment(TimeProvider.System, () => 0.5, Probe, Endpoints, _loggers)
        {
            Cluster = all,
            Views = Views,
            ClusterObserver = Observer,
        };
        _gateway.EventStream.Subscribe(_gateway.ActorOf(Props.Create(() => new Listener(Heard))), typeof(FromReplica));
        var actors = new ActorFactory(Environment);
        Overrides = sharesOverrides ? _gateway.ActorOf(actors.Overrides(ActorRefs.Nobody)) : null;
        Actor = _gateway.ActorOf(Overrides is null ? actors.Cluster() : actors.Cluster(Overrides), "cluster");
    }

    public static ClusterTimes Times { get; } = new()
    {
        AskAlone = TimeSpan.FromMilliseconds(200),
        AskName = TimeSpan.FromMilliseconds(200),
        AskAsMember = TimeSpan.FromMilliseconds(500),
        Retry = TimeSpan.FromSeconds(2),
        Seek = new() { Fresh = TimeSpan.FromSeconds(1), First = TimeSpan.FromSeconds(1), Majority = TimeSpan.FromSeconds(2) },
        Heartbeat = TimeSpan.FromMilliseconds(250),
        HeartbeatPause = TimeSpan.FromSeconds(2),
        Gossip = TimeSpan.FromMilliseconds(100),
        LeaderActions = TimeSpan.FromMilliseconds(100),
        StableAfter = TimeSpan.FromSeconds(2),
    };

    public IActorRef Actor { get; }

    /// <summary>Takes the operators' changes, if it shares them; null otherwise.</summary>
    public IActorRef? Overrides { get; }

    /// <summary>The cluster system of its present life.</summary>
    public ActorSystem Node => _node!;

    /// <summary>The gateway's own system, which outlives every cluster system.</summary>
    public ActorSystem System => _gateway;

    public ActorEnvironment Environment { get; }

    /// <summary>The network between this replica and its endpoints.</summary>
    public ScriptedProbe Probe { get; } = new();

    /// <summary>The decisions made here.</summary>
    public RecordingObserver Endpoints { get; } = new();

    public ClusterViews Views { get; }

    public string Address => _port.Address;

    public ReplicaId Id => Views.Current.Self.Id;

    public CountingClusterObserver Observer { get; } = new();

    /// <summary>Messages from other replicas.</summary>
    public Inbox Heard { get; } = new();

    public IEnumerable<string> Log => _log.Lines;

    /// <summary>Waits until another cluster system has been created, beginning with the first.</summary>
    public async Task NextLifeAsync() => Assert.True(await _lives.WaitAsync(WaitTimeout));

    /// <summary>Waits for a line in its log.</summary>
    public Task LoggedAsync(string text) => _log.WaitAsync(text, 1);

    /// <summary>Starts a replica at that port, which it keeps through all its lives.</summary>
    public static TestReplica Start(
        ReservedPort port, IEnumerable<ReservedPort> seeds, string? zone = null, Func<ClusterOptions, ClusterOptions>? change = null, bool sharesOverrides = false)
    {
        var options = new ClusterOptions
        {
            GatewayId = $"gateway-{zone ?? "x"}",
            Zone = zone,
            Address = new("127.0.0.1", port.Number),
            Seeds = [.. seeds.Select(s => new HostPort("127.0.0.1", s.Number))],
            Times = Times,
            ExtraHocon = "akka.remote.dot-netty.tcp.applied-adapters = [trttl]",
        };
        return new(port, change?.Invoke(options) ?? options, sharesOverrides);
    }

    /// <summary>Waits until this replica's view of the cluster meets a condition.</summary>
    public async Task<ClusterView> SeesAsync(
        Func<ClusterView, bool> what, [CallerArgumentExpression(nameof(what))] string text = "")
    {
        using var limit = new CancellationTokenSource(WaitTimeout);
        try
        {
            return await Views.WhenAsync(what, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Address} does not see {text} but {string.Join(", ", Views.Current.Replicas)}\n{string.Join('\n', Log)}");
        }
    }

    /// <summary>Waits until this replica sees that many gateways, and receives from all.</summary>
    public Task<ClusterView> SeesGatewaysAsync(int count) =>
        SeesAsync(v => v.ReachableGateways.Length == count && v.Replicas.Length == count && v.Self.Id.Uid != 0, $"{count} gateways");

    /// <summary>Cuts the network between this replica and another, in both directions, in this life and the next.</summary>
    public Task CutAsync(TestReplica other)
    {
        lock (_network)
        {
            _cut = _cut.Add(other.Address);
            return ThrottleAsync(other.Address, Blackhole.Instance);
        }
    }

    public Task MendAsync(TestReplica other)
    {
        lock (_network)
        {
            _cut = _cut.Remove(other.Address);
            return ThrottleAsync(other.Address, Unthrottled.Instance);
        }
    }

    /// <summary>Ends the cluster system from outside, like a crash in it.</summary>
    public Task CrashAsync() => _node!.Terminate();

    /// <summary>Crashes the actor that exchanges messages with the other replicas.</summary>
    public async Task CrashLinkAsync() =>
        (await _node!.ActorSelection($"/user/{LinkActor.Name}").ResolveOne(WaitTimeout)).Tell(new WireEnvelope(new("no address", 1), new AskReplica(0, null, 0)));

    /// <summary>Finds the actor that talks to the other replicas, without its keeper.</summary>
    public Task<IActorRef> LinkAsync() => _node!.ActorSelection($"/user/{LinkActor.Name}/{LinkActor.Name}-1").ResolveOne(WaitTimeout);

    /// <summary>Ends an actor of the cluster system for good, like one that cannot start.</summary>
    /// <param name="kind">Its keeper's name for it.</param>
    public async Task EndAsync(string kind) => (await _node!.ActorSelection($"/user/{kind}/{kind}-1").ResolveOne(WaitTimeout)).Tell(Kill.Instance);

    public Task LeaveAsync() => Actor.Ask<ClusterLeft>(new LeaveCluster(), WaitTimeout);

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await _gateway.Terminate();
        _loggers.Dispose();
        _lives.Dispose();
    }

    private void Moved(ActorSystem node)
    {
        lock (_network)
        {
            _node = node;
            foreach (var address in _cut)
            {
                _ = ThrottleAsync(address, Blackhole.Instance); // Before any waiter for this life can request the opposite.
            }
        }

        _lives.Release();
    }

    private Task<bool> ThrottleAsync(string address, ThrottleMode mode)
    {
        var provider = (RemoteActorRefProvider)((ExtendedActorSystem)_node!).Provider;
        var colon = address.LastIndexOf(':');
        var to = new Address("akka.trttl.tcp", "cluster", address[..colon], int.Parse(address[(colon + 1)..], CultureInfo.InvariantCulture));
        return provider.Transport.ManagementCommand(new SetThrottle(to, ThrottleTransportAdapter.Direction.Both, mode));
    }

    private sealed class Listener : UntypedActor
    {
        private readonly Inbox _inbox;

        public Listener(Inbox inbox) => _inbox = inbox;

        protected override void OnReceive(object message) => _inbox.Add((FromReplica)message);
    }
}
