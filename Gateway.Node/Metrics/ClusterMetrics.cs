using Gateway.Actors.Cluster;

namespace Gateway.Node.Metrics;

/// <summary>Counts what happens to the cluster. Its members are read off the newest view at each scrape.</summary>
internal sealed class ClusterMetrics : IClusterObserver
{
    private readonly GatewayInstruments _instruments;
    private readonly ClusterViews _views;

    public ClusterMetrics(GatewayMetrics metrics, ClusterViews views)
    {
        (_instruments, _views) = (metrics.Instruments, views);
        metrics.Registry.AddBeforeCollectCallback(ReadGauges);
    }

    public void Sent(string kind, int replicas) => _instruments.ClusterMessagesSent.WithLabels(kind).Inc(replicas);

    public void Received(string kind) => _instruments.ClusterMessagesReceived.WithLabels(kind).Inc();

    public void Dropped(string kind) => _instruments.ClusterMessagesDropped.WithLabels(kind).Inc();

    public void Rejoining(RejoinReason reason) => _instruments.ClusterRejoins.WithLabels(ClusterLabel.Of(reason)).Inc();

    private void ReadGauges()
    {
        var replicas = _views.Current.Replicas;
        var counts = replicas.CountBy(r => (r.Zone ?? EndpointMetrics.None, r.Sidecar ? "sidecar" : "gateway", ClusterLabel.Of(r.Status))).ToDictionary();
        foreach (var labels in _instruments.ClusterMembers.GetAllLabelValues().Where(l => !counts.ContainsKey((l[0], l[1], l[2]))).ToList())
        {
            _instruments.ClusterMembers.RemoveLabelled(labels);
        }

        foreach (var ((zone, kind, state), count) in counts)
        {
            _instruments.ClusterMembers.WithLabels(zone, kind, state).Set(count);
        }

        _instruments.ClusterUnreachable.Set(replicas.Count(r => !r.Reachable));
    }
}
