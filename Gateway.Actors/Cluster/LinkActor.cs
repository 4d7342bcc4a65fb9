using Akka.Actor;
using Akka.Event;
using Akka.Serialization;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Gateway.Actors.Cluster;

/// <summary>
/// One end of the link between replicas, at the same path on each. Outgoing messages go to remoting, which queues for each replica
/// separately, so a slow one does not delay the others; incoming ones are published to the gateway's actors. It answers
/// other replicas' questions about its cluster.
/// </summary>
internal sealed partial class LinkActor : UntypedActor
{
    public const string Name = "link";

    /// <summary>The counter label for messages that this version does not understand.</summary>
    private const string UnknownKind = "unknown";

    private readonly ReplicaId _self;
    private readonly string _name;
    private readonly ClusterTls? _tls;
    private readonly ActorLinks _links;
    private readonly ILogger _log;
    private readonly HashSet<HostPort> _distrusted = [];
    private readonly SerializerWithStringManifest _serializer = (SerializerWithStringManifest)Context.System.Serialization.FindSerializerForType(typeof(IWireMessage));
    private readonly Address _selfAddress = Akka.Cluster.Cluster.Get(Context.System).SelfAddress;
    private Dictionary<ReplicaId, IActorRef> _peers = [];
    private ClusterView? _view;

    public LinkActor(ReplicaId self, string name, ClusterTls? tls, ActorLinks links)
    {
        (_self, _name, _tls, _links) = (self, name, tls, links);
        _log = links.Loggers.CreateLogger<LinkActor>();
    }

    /// <summary>Returns the address of a replica, given that of another one in the same cluster.</summary>
    public static Address AddressOf(Address like, HostPort replica) => new(like.Protocol, like.System, replica.Host, replica.Port);

    /// <summary>After a restart the view is lost; the owner sends it again.</summary>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        _links.Owner.Tell(new LinkStarted(_self));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WireEnvelope { From: var from, Message: AskReplica ask }:
                Send(RefTo(from.ClusterAddress), new ReplicaReport(_name, _view is null ? ClusterReport.None : ClusterReport.Of(_view, from), WireProtocol.Version));
                _links.Owner.Tell(new ReplicaAsked(_self, from, ask.To(_self)));
                break;
            case WireEnvelope { From: var from, Message: ReplicaReport report }:
                _links.Owner.Tell(new ReplicaReported(_self, from, report));
                break;
            case WireEnvelope { From: var from, Message: IReplicaMessage said }:
                _links.Observer.Received(KindOf(said));
                _links.Gateway.Publish(said.ReceivedFrom(from));
                break;
            case SendToReplica(var to, var said) when _peers.TryGetValue(to, out var peer):
                _links.Observer.Sent(KindOf(said), 1);
                Send(peer, said);
                break;
            case SendToReplica(_, var said):
                _links.Observer.Dropped(KindOf(said));
                break;
            case SendToAll(var said):
                _links.Observer.Sent(KindOf(said), _peers.Count);
                SendAll(said);
                break;
            case AskAddress(var address) when _tls is not null && !_peers.Keys.Any(peer => peer.ClusterAddress == address):
                Greet(_tls, address);
                break;
            case AskAddress(var address):
                Send(RefTo(address), AskReplica.Of(_view, address));
                break;
            case Greeted(var address, Greeting.Welcome):
                _distrusted.Remove(address);
                Send(RefTo(address), AskReplica.Of(_view, address));
                break;
            case Greeted(var address, Greeting.Distrusted):
                if (_distrusted.Add(address))
                {
                    Log.Distrusted(_log, address);
                }

                break;
            case Greeted:
                break;
            case FollowView(var view):
                Follow(view);
                break;
            case DeadLetter { Message: WireEnvelope { Message: IReplicaMessage said } }:
                _links.Observer.Dropped(KindOf(said));
                break;
            case WireUnknown:
                _links.Observer.Dropped(UnknownKind);
                break;
            case DeadLetter:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Returns the counter label of a message: its manifest on the wire.</summary>
    private string KindOf(IWireMessage message) => _serializer.Manifest(message);

    private void Follow(ClusterView? view)
    {
        _view = view;
        var peers = new Dictionary<ReplicaId, IActorRef>();
        foreach (var replica in view?.Replicas ?? [])
        {
            if (replica.Reachable && replica.Id != _self && replica.Status is (ReplicaStatus.Up or ReplicaStatus.WeaklyUp))
            {
                peers[replica.Id] = _peers.GetValueOrDefault(replica.Id) ?? RefTo(replica.Id.ClusterAddress);
            }
        }

        _peers = peers;
    }

    // A failed handshake of its own makes remoting end the whole system, so a seed's address is tested first.
    private void Greet(ClusterTls tls, HostPort address) =>
        tls.GreetAsync(address).PipeTo(Self, success: greeting => new Greeted(address, greeting));

    private void Send(IActorRef to, IWireMessage message) => to.Tell(new WireEnvelope(_self, message), ActorRefs.NoSender);

    private void SendAll(IWireMessage message)
    {
        var envelope = new WireEnvelope(_self, message);
        foreach (var peer in _peers.Values)
        {
            peer.Tell(envelope, ActorRefs.NoSender);
        }
    }

    // Resolved from the path: an actor selection would wrap every message once more.
    private IActorRef RefTo(HostPort replica) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(
        new RootActorPath(AddressOf(_selfAddress, replica)) / "user" / Name);

    private sealed record Greeted(HostPort Address, Greeting Greeting);

    private static partial class Log
    {
        [LoggerMessage(88, LogLevel.Warning, "cluster: mutual TLS with {Address} failed; ignoring it", EventName = "cluster-tls-failed")]
        public static partial void Distrusted(ILogger logger, HostPort address);
    }
}
