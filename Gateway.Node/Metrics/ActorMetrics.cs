using Gateway.Actors.Surroundings;

namespace Gateway.Node.Metrics;

/// <summary>The health of the replica's actors, read at each scrape.</summary>
internal sealed class ActorMetrics
{
    private readonly GatewayInstruments _instruments;
    private readonly Vitals _vitals;
    private readonly ProbeLoadHolder _probes;

    public ActorMetrics(GatewayMetrics metrics, Vitals vitals, ProbeLoadHolder probes)
    {
        (_instruments, _vitals, _probes) = (metrics.Instruments, vitals, probes);
        metrics.Registry.AddBeforeCollectCallback(Read);
    }

    private void Read()
    {
        foreach (var (kind, crashes) in _vitals.Crashes)
        {
            _instruments.ActorCrashes.WithLabels(kind).IncTo(crashes);
        }

        var down = _vitals.Outages.CountBy(outage => outage.Kind).ToDictionary();
        foreach (var kind in _vitals.Crashes.Keys.Union(down.Keys))
        {
            _instruments.ActorsDown.WithLabels(kind).Set(down.GetValueOrDefault(kind));
        }

        var load = _probes.Current;
        _instruments.ProbeSlots.Set(load.Slots.Regular);
        _instruments.ProbesInFlight.Set(load.InFlight);
        _instruments.ProbesWaiting.Set(load.Waiting);
        _instruments.ProbesLate.IncTo(load.Late);
    }
}
