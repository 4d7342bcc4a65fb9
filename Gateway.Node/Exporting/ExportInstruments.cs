using Prometheus;

namespace Gateway.Node.Exporting;

/// <summary>The instruments of the export of metrics, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class ExportInstruments(CollectorRegistry registry)
{
    public Counter Exports { get; } = Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter(
        "gateway_otlp_exports_total", "Exports of all metrics to the OTLP receiver.", ["result"], new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
}
