using System.Collections.Immutable;

namespace Gateway.Node.Settings;

/// <summary>The settings that a reload cannot change: sockets, identity, and what is read only at the start.</summary>
public static class SettingsChange
{
    private static readonly ImmutableArray<(string Key, Func<GatewaySettings, object?> Read)> Fixed =
    [
        ("gatewayId", s => s.GatewayId),
        ("listenAddr", s => s.ListenAddress),
        ("http2Addr", s => s.Http2Address),
        ("tlsAddr", s => s.Tls?.Address),
        ("tls.engine", s => s.Tls?.Engine ?? default),
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
        ("tracing", s => s.Tracing is null ? new() { Endpoint = Nowhere } : s.Tracing with { Endpoint = Nowhere }),
        ("otlpMetricsEndpoint", s => s.OtlpMetrics?.Endpoint),
        ("otlpMetrics", s => s.OtlpMetrics is null ? new() { Endpoint = Nowhere } : s.OtlpMetrics with { Endpoint = Nowhere }),
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

    /// <summary>The settings that a running process follows after a reload: those that need a restart stay as they were at the start.</summary>
    /// <param name="atStart">The settings that the process started with.</param>
    /// <param name="before">The settings that it has followed until now.</param>
    /// <param name="wanted">The settings that have been loaded.</param>
    public static GatewaySettings InForce(GatewaySettings atStart, GatewaySettings before, GatewaySettings wanted) => wanted with
    {
        GatewayId = atStart.GatewayId,
        ListenAddress = atStart.ListenAddress,
        Http2Address = atStart.Http2Address,
        Tls = TlsSettings.InForce(atStart.Tls, before.Tls, wanted.Tls),
        HttpcgAddress = atStart.HttpcgAddress,
        HttpcgTls = atStart.HttpcgTls,
        MetricsEnabled = atStart.MetricsEnabled,
        MetricsAddress = atStart.MetricsAddress,
        AdminAddress = atStart.AdminAddress,
        AdminTokenFile = atStart.AdminTokenFile,
        Zone = atStart.Zone,
        ClusterAddress = atStart.ClusterAddress,
        SeedNodes = atStart.SeedNodes,
        ClusterTls = atStart.ClusterTls,
        SidecarMode = atStart.SidecarMode,
        AccessLog = atStart.AccessLog,
        Tracing = atStart.Tracing,
        OtlpMetrics = atStart.OtlpMetrics,
        HttpEngine = atStart.HttpEngine,
        EventLoop = atStart.EventLoop,
        EventLoops = atStart.EventLoops,
        WarmUp = atStart.WarmUp,
        Limits = wanted.Limits with
        {
            MaxClientConnections = atStart.Limits.MaxClientConnections,
            MinRequestBodyDataRate = atStart.Limits.MinRequestBodyDataRate,
            MinResponseDataRate = atStart.Limits.MinResponseDataRate,
            MaxRequestHeadSize = atStart.Limits.MaxRequestHeadSize,
            MaxRequestFields = atStart.Limits.MaxRequestFields,
            MaxConcurrentProbes = atStart.Limits.MaxConcurrentProbes,
        },
        Drain = atStart.Drain,
    };
}
