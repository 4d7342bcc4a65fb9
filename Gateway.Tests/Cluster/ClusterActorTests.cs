using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Composition;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;
using Gateway.Tests.Actors;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Cluster;

public sealed class ClusterActorTests : ActorTest
{
    private static readonly ClusterOptions Options = new() { GatewayId = "g1", Zone = "a" };

    [Fact]
    public async Task Without_an_address_a_replica_is_a_cluster_of_one()
    {
        var views = new ClusterViews(Options);
        await Start(views).Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        var view = views.Current;
        Assert.Equal(new Replica(new("g1", 0), "a", false, ReplicaStatus.Up, true, "g1") { Version = "0.0.0" }, view.Self);
        Assert.Equal([view.Self], view.ReachableGateways.AsEnumerable());
    }

    [Fact]
    public async Task A_cluster_of_one_has_nobody_to_tell()
    {
        var cluster = Start(new ClusterViews(Options));
        cluster.Tell(new SendToAll(new Word()));
        cluster.Tell(new SendToReplica(new("elsewhere:1", 1), new Word()));
        await cluster.Ask<ActorIdentity>(new Identify(0), RawBackend.WaitTimeout);
        await SettleAsync();
    }

    [Fact]
    public async Task A_cluster_of_one_is_left_at_once() =>
        await Start(new ClusterViews(Options)).Ask<ClusterLeft>(new LeaveCluster(), RawBackend.WaitTimeout);

    private IActorRef Start(ClusterViews views)
    {
        var environment = new ActorEnvironment(Clock, () => 0.5, Probe, Observer, NullLoggerFactory.Instance) { Cluster = Options, Views = views };
        return Sys.ActorOf(new ActorFactory(environment).Cluster());
    }

    private sealed record Word : IReplicaMessage
    {
        public FromReplica ReceivedFrom(ReplicaId sender) => new FromReplica<Word>(sender, this);
    }
}
