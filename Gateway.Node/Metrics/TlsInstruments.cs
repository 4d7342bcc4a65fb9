using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of TLS with clients, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class TlsInstruments
{
    private readonly MetricFactory _factory;

    public TlsInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        Handshakes = Counter("gateway_tls_handshakes_total", "TLS sessions started by clients.", "version");
        HandshakeFailures = Counter("gateway_tls_handshake_failures_total", "Failed handshakes with clients.", "reason");
        CertificateExpiry = _factory.CreateGauge("gateway_tls_certificate_expiry_seconds", "Time until a served certificate expires; negative if it has expired.", "certificate");
        CertificateReloads = Counter("gateway_tls_certificate_reloads_total", "Reloads of changed certificate files.", "result");
    }

    public Counter Handshakes { get; }

    public Counter HandshakeFailures { get; }

    public Gauge CertificateExpiry { get; }

    public Counter CertificateReloads { get; }

    private Counter Counter(string name, string help, params string[] labels) =>
        _factory.CreateCounter(name, help, labels, new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
}
