using Gateway.Node.Metrics;
using Gateway.Node.Recording;

namespace Gateway.Node.AccessLogs;

/// <summary>Counts lines: those written, and those dropped, by why. What loops count is read at each scrape.</summary>
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

    /// <summary>The target did not take them.</summary>
    public void Failed(int lines) => _instruments.AccessLogDropped.WithLabels("failed").Inc(lines);

    /// <summary>The process ended before they were written.</summary>
    public void CutOff(int lines) => _instruments.AccessLogDropped.WithLabels("shutdown").Inc(lines);
}
