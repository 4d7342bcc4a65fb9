using Gateway.Node.Metrics;
using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>Counts lines: those written, and those dropped, by reason. The loops' own counters are read at each scrape.</summary>
internal sealed class AccessLogMetrics
{
    private readonly GatewayInstruments _instruments;

    public AccessLogMetrics(GatewayMetrics metrics, AccessQueue queue)
    {
        _instruments = metrics.Instruments;
        foreach (var reason in (string[])["full", "failed", "shutdown"])
        {
            _instruments.AccessLogDropped.WithLabels(reason).Publish();
        }

        metrics.Registry.AddBeforeCollectCallback(() =>
        {
            _instruments.AccessLogDropped.WithLabels("full").IncTo(queue.Dropped);
            _instruments.AccessLogLeftOut.IncTo(queue.LeftOut);
        });
    }

    public void Written(int lines) => _instruments.AccessLogLines.Inc(lines);

    /// <summary>Counts lines that the target did not take.</summary>
    public void Failed(int lines) => _instruments.AccessLogDropped.WithLabels("failed").Inc(lines);

    /// <summary>Counts lines not written when the process ended.</summary>
    public void CutOff(int lines) => _instruments.AccessLogDropped.WithLabels("shutdown").Inc(lines);
}
