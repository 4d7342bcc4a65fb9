using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of limits on clients, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class LimitInstruments
{
    private readonly MetricFactory _factory;

    public LimitInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        RateLimited = Counter("gateway_requests_rate_limited_total", "Requests refused because their key had used up its rate limit.", "route");
        KeysForgotten = Counter("gateway_rate_limit_keys_forgotten_total", "Keys of a rate limit that were forgotten before their buckets were full, for want of room.", "limit");
        RequestsDenied = Counter("gateway_requests_denied_total", "Requests refused for whom they come from or whom they are to.", "reason");
        ConnectionsRefused = Counter("gateway_connections_refused_total", "Connections of clients that were closed at once for where they come from.", "reason");
        Http2Ended = Counter("gateway_http2_connections_ended_total", "Connections of clients over HTTP/2 that the gateway has ended, by the error that it has told them.", "error");
        Http2Refused = Counter("gateway_http2_streams_refused_total", "Streams of clients over HTTP/2 that the gateway has reset for what the client did.", "reason");
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
