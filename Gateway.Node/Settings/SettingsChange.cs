using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>Changes that a reload cannot apply to a running process: sockets, identity, and settings that the web server reads only at startup.</summary>
public static class SettingsChange
{
    private static readonly ImmutableArray<(string Key, Func<GatewaySettings, object?> Read)> Fixed =
    [
        ("gatewayId", s => s.GatewayId),
        ("listenAddr", s => s.ListenAddress),
        ("http2Addr", s => s.Http2Address),
        ("tlsAddr", s => s.Tls?.Address),
        ("tls.engine", s => s.Tls?.Engine),
        ("httpcgAddr", s => s.HttpcgAddress),
        ("httpcgTls", s => s.HttpcgTls),
        ("metricsEnabled", s => s.MetricsEnabled),
        ("metricsAddr", s => s.MetricsAddress),
        ("adminAddr", s => s.AdminAddress),
        ("adminTokenFile", s => s.AdminTokenFile),
        ("zone", s => s.Zone),
        ("clusterAddr", s => s.ClusterAddress),
        ("seedNodes", s => string.Join(',', s.SeedNodes)),
        ("clusterTlsCert", s => s.ClusterTls?.Certificate),
        ("clusterTlsKey", s => s.ClusterTls?.Key),
        ("clusterTlsCa", s => s.ClusterTls?.Authority),
        ("sidecarMode", s => s.SidecarMode),
        ("accessLog", s => s.AccessLog),
        ("otlpEndpoint", s => s.Tracing?.Endpoint),
        ("tracing", s => s.Tracing is null ? null : s.Tracing with { Endpoint = Nowhere }),
        ("otlpMetricsEndpoint", s => s.OtlpMetrics?.Endpoint),
        ("otlpMetrics", s => s.OtlpMetrics is null ? null : s.OtlpMetrics with { Endpoint = Nowhere }),
        ("httpEngine", s => s.HttpEngine),
        ("eventLoop", s => s.EventLoop),
        ("eventLoops", s => s.EventLoops),
        ("warmUp", s => s.WarmUp),
        ("maxClientConnections", s => s.Limits.MaxClientConnections),
        ("limits.minRequestBodyDataRate", s => s.Limits.MinRequestBodyDataRate),
        ("limits.minResponseDataRate", s => s.Limits.MinResponseDataRate),
        ("limits.maxRequestHeadSize", s => s.Limits.MaxRequestHeadSize),
        ("limits.maxRequestFields", s => s.Limits.MaxRequestFields),
        ("limits.maxConcurrentProbes", s => s.Limits.MaxConcurrentProbes),
        ("drain.delay", s => s.Drain.Delay),
        ("drain.timeout", s => s.Drain.Timeout),
    ];

    /// <summary>Replaces the address of an endpoint for comparison.</summary>
    private static Uri Nowhere => new("http://none");

    /// <summary>The keys, as in the file, whose new values need a restart. Empty: the whole change can be applied.</summary>
    public static ImmutableArray<string> NeedingRestart(GatewaySettings running, GatewaySettings wanted) =>
        [.. Fixed.Where(f => !Equals(f.Read(running), f.Read(wanted))).Select(f => f.Key)];
}
