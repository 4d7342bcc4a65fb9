using Gateway.Core.Membership;

namespace Gateway.Actors.Local;

/// <summary>The recent number of gateways, for shared limits. Written by <see cref="PoolsActor"/> only; survives its crashes.</summary>
public sealed class GatewayCounts
{
    private RecentMaximum _recent = RecentMaximum.None;

    public RecentMaximum Recent
    {
        get => Volatile.Read(ref _recent);
        internal set => Volatile.Write(ref _recent, value);
    }
}
