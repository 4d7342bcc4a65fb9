using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Gateway.Core.Membership;
using static Akka.Cluster.ClusterEvent;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Translates Akka's membership events and reports them to the owner. Each event makes it request the whole state, once for all
/// pending events, so that a report is never assembled from partial states.
/// </summary>
internal sealed class MembershipActor : UntypedActor
{
    private readonly IActorRef _owner;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private bool _asked;

    public MembershipActor(IActorRef owner) => _owner = owner;

    public static ReplicaId IdOf(UniqueAddress address) => new(AddressOf(address.Address), address.Uid);

    protected override void PreStart()
    {
        _asked = true; // A subscriber first receives the state.
        _cluster.Subscribe(Self, SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(IMemberEvent), typeof(IReachabilityEvent), typeof(LeaderChanged));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CurrentClusterState state:
                _asked = false;
                _owner.Tell(Seen(state));
                break;
            case IClusterDomainEvent when !_asked:
                _asked = true;
                _cluster.SendCurrentClusterState(Self);
                break;
            case IClusterDomainEvent:
                break;
            case ThisActorSystemQuarantinedEvent refused:
                _owner.Tell(new Refused(IdOf(_cluster.SelfUniqueAddress), AddressOf(refused.RemoteAddress)));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private MembersSeen Seen(CurrentClusterState state)
    {
        var replicas = state.Members.Select(member => Of(member, !state.Unreachable.Contains(member))).ToImmutableArray();
        var reachable = replicas.Where(r => r.IsGateway && r.Reachable).Select(r => r.Id).ToHashSet();
        var oldest = state.Members.OrderBy(member => member, Member.AgeOrdering).Select(member => (ReplicaId?)IdOf(member.UniqueAddress))
            .FirstOrDefault(id => reachable.Contains(id!.Value));
        var leader = state.Members.Where(member => member.Address.Equals(state.Leader)).Select(member => (ReplicaId?)IdOf(member.UniqueAddress));
        return new(IdOf(_cluster.SelfUniqueAddress), replicas, oldest, leader.FirstOrDefault());
    }

    private static Replica Of(Member member, bool reachable)
    {
        var (id, (zone, sidecar)) = (IdOf(member.UniqueAddress), ClusterConfig.Read(member.Roles));
        return new(id, zone, sidecar, StatusOf(member.Status), reachable, id.Address) { Version = member.AppVersion.Version };
    }

    private static ReplicaStatus StatusOf(MemberStatus status) => status switch
    {
        MemberStatus.Joining => ReplicaStatus.Joining,
        MemberStatus.WeaklyUp => ReplicaStatus.WeaklyUp,
        MemberStatus.Up => ReplicaStatus.Up,
        MemberStatus.Leaving => ReplicaStatus.Leaving,
        MemberStatus.Exiting => ReplicaStatus.Exiting,
        _ => ReplicaStatus.Down,
    };

    private static string AddressOf(Address address) => $"{address.Host}:{address.Port}";
}
