namespace Gateway.Node.Settings.Sections;

/// <summary>
/// The merged layers in the shape of the file, already checked against the schema. Null is "not given", or given and faulty. The schema describes each key, and
/// <see cref="GatewaySettings"/> the resulting settings.
/// </summary>
internal sealed record GatewayFile
{
    public string? GatewayId { get; init; }
    public string? ListenAddr { get; init; }
    public string? Http2Addr { get; init; }
    public string? TlsAddr { get; init; }
    public string? TlsCert { get; init; }
    public string? TlsKey { get; init; }
    public string? TlsKeyPasswordFile { get; init; }
    public ServingSection? Tls { get; init; }
    public string? HttpcgAddr { get; init; }
    public bool? HttpcgTls { get; init; }
    public IReadOnlyList<string?>? RelayEndpoints { get; init; }
    public int? HealthCheckIntervalMs { get; init; }
    public int? MaxConnections { get; init; }
    public int? RequestTimeoutMs { get; init; }
    public int? RetryAttempts { get; init; }
    public int? CircuitBreakerThreshold { get; init; }
    public string? LoadBalancing { get; init; }
    public bool? MetricsEnabled { get; init; }
    public string? MetricsAddr { get; init; }
    public string? AdminAddr { get; init; }
    public string? AdminTokenFile { get; init; }
    public string? Zone { get; init; }
    public string? ClusterAddr { get; init; }
    public IReadOnlyList<string?>? SeedNodes { get; init; }
    public string? ClusterTlsCert { get; init; }
    public string? ClusterTlsKey { get; init; }
    public string? ClusterTlsCa { get; init; }
    public bool? SidecarMode { get; init; }
    public string? LogLevel { get; init; }
    public string? HttpEngine { get; init; }
    public string? EventLoop { get; init; }
    public int? EventLoops { get; init; }
    public TimeSpan? WarmUp { get; init; }
    public int? MaxClientConnections { get; init; }
    public LimitsSection? Limits { get; init; }
    public ClientsSection? Clients { get; init; }
    public IReadOnlyList<string?>? Hosts { get; init; }
    public RateLimitSection? RateLimit { get; init; }
    public DrainSection? Drain { get; init; }
    public IReadOnlyList<string?>? TrustedProxies { get; init; }
    public string? ProxyProtocol { get; init; }
    public RequestIdSection? RequestId { get; init; }
    public AccessLogSection? AccessLog { get; init; }
    public string? OtlpEndpoint { get; init; }
    public TracingSection? Tracing { get; init; }
    public string? OtlpMetricsEndpoint { get; init; }
    public OtlpMetricsSection? OtlpMetrics { get; init; }
    public IReadOnlyDictionary<string, PoolSection?>? Pools { get; init; }
    public IReadOnlyList<RouteSection?>? Routes { get; init; }
}

internal sealed record LimitsSection(
    long? MaxRequestBodySize, int? MinRequestBodyDataRate, int? MinResponseDataRate, int? MaxRequestHeadSize, int? MaxRequestFields, int? MaxConcurrentProbes, int? MaxConnectionsPerClient);

internal sealed record DrainSection(TimeSpan? Delay, TimeSpan? Timeout);

internal sealed record TracingSection(string? Protocol, double? Sample, bool? FollowParent, string? ServiceName);

internal sealed record OtlpMetricsSection(string? Protocol, TimeSpan? Interval, string? ServiceName);

internal sealed record RequestIdSection(bool? Enabled, bool? Echo);
