using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Actors.Local;

/// <summary>
/// The gateways of the cluster as the pools know them: the newest view, for zones, and the recent number, for shared limits. The number is written by
/// <see cref="PoolsActor"/> only, and survives its crashes.
/// </summary>
public sealed class KnownGateways(ClusterViews views)
{
    private RecentMaximum _recent = RecentMaximum.None;

    /// <summary>The newest view of the cluster.</summary>
    public ClusterView View => views.Current;

    public RecentMaximum Recent
    {
        get => Volatile.Read(ref _recent);
        internal set => Volatile.Write(ref _recent, value);
    }
}
