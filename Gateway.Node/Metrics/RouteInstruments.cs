using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The instruments of routes, with their help texts. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class RouteInstruments
{
    /// <summary>From 0.26 ms to 67 s by doublings: bounds of the buckets used for counting, so that no request changes buckets.</summary>
    private static readonly double[] Bounds = [.. Enumerable.Range(8, 19).Select(exponent => Math.ScaleB(1e-6, exponent))];

    public RouteInstruments(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        Requests = factory.CreateCounter("gateway_route_requests_total", "Requests that the route matched, by status class of the answer.", ["route", "class"], Plain());
        Errors = factory.CreateCounter("gateway_route_errors_total", "Requests of the route answered with 500 to 599, or whose answer the backend broke off.", ["route"], Plain());
        Durations = factory.CreateHistogram(
            "gateway_route_duration_seconds", "Time from the request head to the end of the answer; the sum is within 6.25 %.", ["route"],
            new HistogramConfiguration { Buckets = Bounds, ExemplarBehavior = ExemplarBehavior.NoExemplars() });
    }

    public Counter Requests { get; }

    public Counter Errors { get; }

    public Histogram Durations { get; }

    private static CounterConfiguration Plain() => new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() };
}
