using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;

namespace Gateway.Node.Settings;

/// <summary>The settings of a gateway process: flags, environment and file, validated and merged. Immutable; a reload creates new ones.</summary>
public sealed record GatewaySettings
{
    /// <summary>The name of this replica in logs, metrics and the cluster. Default the host's name, at most 128 characters.</summary>
    public required string GatewayId { get; init; }

    /// <summary>The address for requests. Default 127.0.0.1:8080; port 0 means any free one.</summary>
    public IPEndPoint ListenAddress { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The address for HTTP/2 requests without TLS. Default null: none.</summary>
    public IPEndPoint? Http2Address { get; init; }

    /// <summary>The address and certificates for requests over TLS. Default null: none.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>The address for requests for httpcg URLs. Default null: only the other addresses, if routes have planes.</summary>
    public IPEndPoint? HttpcgAddress { get; init; }

    /// <summary>Whether <see cref="HttpcgAddress"/> uses TLS, with the certificates of <see cref="Tls"/>. Default off.</summary>
    public bool HttpcgTls { get; init; }

    /// <summary>Whether <c>/metrics</c> is served at <see cref="MetricsAddress"/>. Default off.</summary>
    public bool MetricsEnabled { get; init; }

    /// <summary>Default 127.0.0.1:9090; nothing listens there unless <see cref="MetricsEnabled"/>.</summary>
    public IPEndPoint MetricsAddress { get; init; } = new(IPAddress.Loopback, 9090);

    /// <summary>Admin API and live page. Default 127.0.0.1:9110; beyond loopback only with <see cref="AdminTokenFile"/>.</summary>
    public IPEndPoint AdminAddress { get; init; } = new(IPAddress.Loopback, 9110);

    /// <summary>The file with the token required in admin requests, read at startup. Default none: anyone who can reach the address has full access.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>The failure domain of this replica. Default null: requests are not routed by zone.</summary>
    public string? Zone { get; init; }

    /// <summary>The address at which other replicas reach this one. Default null: a cluster of one.</summary>
    public HostPort? ClusterAddress { get; init; }

    /// <summary>Replicas to join through. Default none; requires <see cref="ClusterAddress"/>.</summary>
    public ImmutableArray<HostPort> SeedNodes { get; init; } = [];

    /// <summary>Files for mutual TLS between replicas. Default null: plain TCP.</summary>
    public ClusterTlsFiles? ClusterTls { get; init; }

    /// <summary>Default off. If on, <see cref="ListenAddress"/> is loopback, and the replica sends no probes and counts in no majority.</summary>
    public bool SidecarMode { get; init; }

    /// <summary>The lowest severity logged. Default Information; Trace to Error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The configuration file, as given; null: none.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The engine for HTTP/1.1 at <see cref="ListenAddress"/>. Default auto: the engine's own event loops on Linux.</summary>
    public HttpEngine HttpEngine { get; init; }

    /// <summary>The event notification of those loops. Default auto: io_uring if the system allows it, otherwise epoll.</summary>
    public EventLoopSetting EventLoop { get; init; }

    /// <summary>The number of event loops, each with its own thread. Default 0, one per core; up to 64.</summary>
    public int EventLoops { get; init; }

    /// <summary>
    /// The time limit for warming up the data path: each kind of request before the replica reports ready, the rest in the background, at a quarter of a core.
    /// It ends earlier when there is nothing left to gain. Default 10 s, 0 to 1 min; 0: no warm-up, and the first seconds of traffic cost several times the
    /// CPU.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public LimitSettings Limits { get; init; } = LimitSettings.Default;

    public DrainSettings Drain { get; init; } = DrainSettings.Default;

    /// <summary>
    /// The clients served. Default null: all. Connections of others are closed at once; requests forwarded for them by a trusted proxy get 403.
    /// </summary>
    public ClientSettings? Clients { get; init; }

    /// <summary>The hosts served, exact or <c>*.example.com</c>. Default none: all. Requests to others get 421.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>The rate limit of clients over all routes without their own. Default null: none.</summary>
    public RateLimitSettings? RateLimit { get; init; }

    /// <summary>Proxies in front whose forwarding fields are trusted. Default none: the fields are replaced.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether connections of <see cref="TrustedProxies"/> begin with a PROXY protocol header. Default off.</summary>
    public ProxyProtocolMode ProxyProtocol { get; init; }

    public RequestIdSettings RequestId { get; init; } = RequestIdSettings.Default;

    /// <summary>Default null: no access log.</summary>
    public AccessLogSettings? AccessLog { get; init; }

    /// <summary>Default null: requests are not traced, and <c>traceparent</c> passes unchanged.</summary>
    public TracingSettings? Tracing { get; init; }

    /// <summary>Default null: metrics are only scraped.</summary>
    public OtlpMetricsSettings? OtlpMetrics { get; init; }

    /// <summary>At least one, with unique names. A pool without endpoints answers 503.</summary>
    public required ImmutableArray<PoolSettings> Pools { get; init; }

    /// <summary>Unique names, existing pools. Default none: everything goes to the pool <c>default</c>, which must exist.</summary>
    public ImmutableArray<RouteSettings> Routes { get; init; } = [];
}
