using Gateway.Core.Membership;

namespace Gateway.Actors.Local;

/// <summary>How many gateways there were lately, for what they share. <see cref="PoolsActor"/> alone writes it; it outlives its crashes.</summary>
public sealed class GatewayCounts
{
    private RecentMaximum _recent = RecentMaximum.None;

    public RecentMaximum Recent
    {
        get => Volatile.Read(ref _recent);
        internal set => Volatile.Write(ref _recent, value);
    }
}
