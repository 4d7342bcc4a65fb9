using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Node.Metrics;

/// <summary>Counts cluster events. Members are read from the newest view at each scrape, and the links to them from the evidence.</summary>
internal sealed class ClusterMetrics : IClusterObserver
{
    private readonly GatewayInstruments _instruments;
    private readonly ClusterViews _views;
    private readonly EvidenceLedger _evidence;
    private readonly SettingsAgreement _agreement;
    private readonly TimeProvider _clock;

    public ClusterMetrics(GatewayMetrics metrics, ClusterViews views, EvidenceLedger evidence, SettingsAgreement agreement, TimeProvider clock)
    {
        (_instruments, _views, _evidence, _agreement, _clock) = (metrics.Instruments, views, evidence, agreement, clock);
        metrics.Registry.AddBeforeCollectCallback(ReadGauges);
        metrics.Registry.AddBeforeCollectCallback(ReadEvidence);
    }

    public void Sent(string kind, int replicas) => _instruments.ClusterMessagesSent.WithLabels(kind).Inc(replicas);

    public void Received(string kind) => _instruments.ClusterMessagesReceived.WithLabels(kind).Inc();

    public void Dropped(string kind) => _instruments.ClusterMessagesDropped.WithLabels(kind).Inc();

    public void Rejoining(RejoinReason reason) => _instruments.ClusterRejoins.WithLabels(ClusterLabel.Of(reason)).Inc();

    private void ReadGauges()
    {
        var replicas = _views.Current.Replicas;
        var counts = replicas.CountBy(r => (r.Zone ?? EndpointMetrics.None, r.Sidecar ? "sidecar" : "gateway", r.Status.Name())).ToDictionary();
        foreach (var labels in _instruments.ClusterMembers.GetAllLabelValues().Where(l => !counts.ContainsKey((l[0], l[1], l[2]))).ToList())
        {
            _instruments.ClusterMembers.RemoveLabelled(labels);
        }

        foreach (var ((zone, kind, state), count) in counts)
        {
            _instruments.ClusterMembers.WithLabels(zone, kind, state).Set(count);
        }

        _instruments.SettingsDiffer.Set(_agreement.Current.Values.SelectMany(pools => pools).Distinct().Count());
        _instruments.ClusterUnreachable.Set(replicas.Count(r => !r.Reachable));
    }

    private void ReadEvidence()
    {
        var staleness = new Dictionary<string, TimeSpan>();
        if (_evidence.Book is { } book)
        {
            foreach (var (replica, stream) in book.Streams)
            {
                if (stream.Heard is { } heard)
                {
                    staleness[book.View.Find(replica)?.Name ?? replica.Address] = _clock.GetElapsedTime(0) - heard;
                }
            }
        }

        _instruments.EvidenceGaps.IncTo(_evidence.Asked);
        foreach (var (replica, age) in staleness)
        {
            _instruments.EvidenceStaleness.WithLabels(replica).Set(age.TotalSeconds);
        }

        foreach (var labels in _instruments.EvidenceStaleness.GetAllLabelValues().Where(labels => !staleness.ContainsKey(labels[0])).ToList())
        {
            _instruments.EvidenceStaleness.RemoveLabelled(labels);
        }
    }
}
