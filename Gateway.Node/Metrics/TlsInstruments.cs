using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of TLS with clients, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class TlsInstruments
{
    private readonly MetricFactory _factory;

    public TlsInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        Handshakes = Counter("gateway_tls_handshakes_total", "TLS sessions that clients have begun.", "version");
        HandshakeFailures = Counter("gateway_tls_handshake_failures_total", "Handshakes with clients that failed.", "reason");
        CertificateExpiry = _factory.CreateGauge("gateway_tls_certificate_expiry_seconds", "Time until a certificate that is served expires; negative after that.", "certificate");
        CertificateReloads = Counter("gateway_tls_certificate_reloads_total", "Changes of the files of certificates.", "result");
    }

    public Counter Handshakes { get; }

    public Counter HandshakeFailures { get; }

    public Gauge CertificateExpiry { get; }

    public Counter CertificateReloads { get; }

    private Counter Counter(string name, string help, params string[] labels) =>
        _factory.CreateCounter(name, help, labels, new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
}
