using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of limits on clients, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class LimitInstruments
{
    private readonly MetricFactory _factory;

    public LimitInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        RateLimited = Counter("gateway_requests_rate_limited_total", "Requests refused because their key exceeded its rate limit.", "route");
        KeysForgotten = Counter("gateway_rate_limit_keys_forgotten_total", "Keys of a rate limit that were evicted before their buckets were full.", "limit");
        RequestsDenied = Counter("gateway_requests_denied_total", "Requests refused because of their client or host.", "reason");
        ConnectionsRefused = Counter("gateway_connections_refused_total", "Client connections closed at once because of their address.", "reason");
        Http2Ended = Counter("gateway_http2_connections_ended_total", "HTTP/2 client connections that the gateway closed, by the error code it sent.", "error");
        Http2Refused = Counter("gateway_http2_streams_refused_total", "HTTP/2 client streams that the gateway reset because of an error of the client.", "reason");
    }

    public Counter RequestsDenied { get; }

    public Counter ConnectionsRefused { get; }

    public Counter Http2Ended { get; }

    public Counter Http2Refused { get; }

    public Counter RateLimited { get; }

    public Counter KeysForgotten { get; }

    private Counter Counter(string name, string help, params string[] labels) =>
        _factory.CreateCounter(name, help, labels, new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() });
}
