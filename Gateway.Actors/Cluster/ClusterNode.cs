using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting.Logging;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>
/// One incarnation of this replica in the cluster: an actor system of its own with remoting and membership, which ends when it leaves or
/// is downed. (Other state shared by all replicas, such as settings changed at run time, lives in this system too.)
/// </summary>
internal sealed class ClusterNode
{
    private const string SystemName = "cluster";

    private readonly ActorSystem _system;
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly CoordinatedShutdown _shutdown;

    private ClusterNode(ActorSystem system, ClusterOptions options, ClusterTls? tls, ActorLinks links)
    {
        _system = system;
        _cluster = Akka.Cluster.Cluster.Get(system);
        _shutdown = CoordinatedShutdown.Get(system);
        Id = MembershipActor.IdOf(_cluster.SelfUniqueAddress);
        var id = Id;
        Link = Keep(LinkActor.Name, ActorProps.Of(() => new LinkActor(id, options.GatewayId, tls, links)));
        Keep("membership", ActorProps.Of(() => new MembershipActor(links.Owner)));

        IActorRef Keep(string kind, Props kept) =>
            system.ActorOf(links.Keepers.Of(kind, kept.WithDispatcher(Dispatcher)).WithDispatcher(Dispatcher), kind);
    }

    private static string Dispatcher => "akka.actor.internal-dispatcher";

    public ReplicaId Id { get; }

    /// <summary>Sends messages to other replicas.</summary>
    public IActorRef Link { get; }

    /// <summary>The listening port.</summary>
    public int Port => _cluster.SelfAddress.Port!.Value;

    /// <summary>Completes when the system has ended; true if the cluster had downed this replica.</summary>
    public Task<bool> EndedAsync() => _system.WhenTerminated.ContinueWith(
        _ => _shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Starts an incarnation. Fails if the address cannot be bound.</summary>
    /// <param name="port">The port to listen on; 0 for any.</param>
    public static async Task<ClusterNode> StartAsync(ClusterOptions options, int port, ActorLinks links)
    {
        var bind = await BindAddress.OfAsync(options.Address!.Value.Host).ConfigureAwait(false);
        var setup = ActorSystemSetup.Create(new LoggerFactorySetup(new PeerEndFilter(links.Loggers)));
        var tls = options.Tls?.Load();
        if (tls is not null)
        {
            setup = setup.And(tls.ToSetup());
        }

        var system = PlainActorSystem.Start(SystemName, ClusterConfig.Of(options, bind, port), setup);
        options.Resident?.Invoke(system);
        return new(system, options, tls, links);
    }

    /// <summary>
    /// Joins another replica's cluster; fails silently if that replica is in none. With its own address it forms
    /// a new cluster.
    /// </summary>
    /// <param name="seed">The cluster address of that replica.</param>
    public void Join(HostPort seed) => _cluster.Join(LinkActor.AddressOf(_cluster.SelfAddress, seed));

    /// <summary>Downs a replica, as the split brain resolver would.</summary>
    public void Down(HostPort replica) => _cluster.Down(LinkActor.AddressOf(_cluster.SelfAddress, replica));

    /// <summary>Leaves the cluster as gracefully as possible, and ends. Each step has a time limit (see <c>cluster.hocon</c>).</summary>
    public Task LeaveAsync() => _shutdown.Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
}
