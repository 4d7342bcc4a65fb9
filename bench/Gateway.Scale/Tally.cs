using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Scale;

/// <summary>Counts over a period of virtual time.</summary>
internal sealed class Tally
{
    private readonly Dictionary<ReplicaId, TimeSpan> _busy = [];

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Messages other than beats.</summary>
    public long Words { get; private set; }

    public long WordBytes { get; private set; }

    public long Probes { get; private set; }

    /// <summary>The busy time of all replicas together.</summary>
    public TimeSpan Busy => _busy.Values.Aggregate(TimeSpan.Zero, (sum, busy) => sum + busy);

    /// <summary>The busy time of the busiest replica.</summary>
    public TimeSpan Busiest => _busy.Count == 0 ? TimeSpan.Zero : _busy.Values.Max();

    public void Sent(IWireMessage message, int bytes)
    {
        Messages++;
        Bytes += bytes;
        if (message is not EvidenceBeat)
        {
            Words++;
            WordBytes += bytes;
        }
    }

    public void Probed() => Probes++;

    public void Worked(ReplicaId replica, TimeSpan time) => _busy[replica] = _busy.GetValueOrDefault(replica) + time;
}
