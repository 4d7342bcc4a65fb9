using Akka.Actor;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Knows who is in the cluster and carries messages between its replicas. Everybody else hears of both by the event stream; nobody waits
/// for it, and traffic goes on whatever it finds.
/// </summary>
public sealed class ClusterActor : UntypedActor
{
    private readonly ClusterViews _views;
    private readonly ClusterOptions _options;

    public ClusterActor(ActorEnvironment environment) => (_views, _options) = (environment.Views, environment.Cluster);

    protected override void PreStart() => Publish(ClusterView.Alone(_options.Alone));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SendToReplica or SendToAll:
                break; // A cluster of one has nobody to tell.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Publish(ClusterView view)
    {
        _views.Current = view;
        Context.System.EventStream.Publish(new ClusterChanged(view));
    }
}
