using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>The newest view of the cluster, for whoever is no actor or has just begun. <see cref="ClusterActor"/> alone writes it.</summary>
public sealed class ClusterViews(ClusterOptions options)
{
    private ClusterView _current = ClusterView.Alone(options.Alone);

    public ClusterView Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
