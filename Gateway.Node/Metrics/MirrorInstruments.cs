using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of mirrored requests, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class MirrorInstruments
{
    private readonly MetricFactory _factory;

    public MirrorInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        Sent = Counter("gateway_mirror_sent_total", "Copies of requests sent.", "route", "pool");
        Dropped = Counter("gateway_mirror_dropped_total", "Copies of requests not sent.", "route", "pool", "reason");
        Failed = Counter("gateway_mirror_failed_total", "Copies of requests that could not be delivered, or that the backend did not answer or answered with an error.", "route", "pool", "reason");
        InFlight = _factory.CreateGauge("gateway_mirror_in_flight", "Copies of requests in flight, waiting for their body or answer.", "route", "pool");
    }

    public Counter Sent { get; }

    public Counter Dropped { get; }

    public Counter Failed { get; }

    public Gauge InFlight { get; }

    private Counter Counter(string name, string help, params string[] labels) =>
        _factory.CreateCounter(name, help, labels, new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
}
