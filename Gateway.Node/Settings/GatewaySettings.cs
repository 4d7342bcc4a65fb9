using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Pools;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;

namespace Gateway.Node.Settings;

/// <summary>
/// What one gateway process goes by: flags, environment and file, validated and merged. Immutable; a reload makes a new one.
/// </summary>
public sealed record GatewaySettings
{
    /// <summary>Name of this replica in logs, metrics and the cluster. Default the host's name, at most 128 characters.</summary>
    public required string GatewayId { get; init; }

    /// <summary>Where requests come in. Default 127.0.0.1:8080; port 0 means any free one.</summary>
    public IPEndPoint ListenAddress { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>Where requests come in over HTTP/2 without TLS. Default null: nowhere.</summary>
    public IPEndPoint? Http2Address { get; init; }

    /// <summary>Where requests come in over TLS. Default null: nowhere.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Where requests for httpcg URLs come in. Default null: nowhere but at the other addresses, where routes have planes.</summary>
    public IPEndPoint? HttpcgAddress { get; init; }

    /// <summary>Whether they come over TLS, with the certificates of <see cref="Tls"/>. Default off.</summary>
    public bool HttpcgTls { get; init; }

    /// <summary>Whether <c>/metrics</c> is served at <see cref="MetricsAddress"/>. Default off.</summary>
    public bool MetricsEnabled { get; init; }

    /// <summary>Default 127.0.0.1:9090; nothing listens there unless <see cref="MetricsEnabled"/>.</summary>
    public IPEndPoint MetricsAddress { get; init; } = new(IPAddress.Loopback, 9090);

    /// <summary>Admin API and live page. Default 127.0.0.1:9110; beyond loopback only with <see cref="AdminTokenFile"/>.</summary>
    public IPEndPoint AdminAddress { get; init; } = new(IPAddress.Loopback, 9110);

    /// <summary>File with the token that admin requests must bear, read at the start. Default none: whoever reaches the address may do everything.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>Failure domain of this replica. Default null: traffic is spread over all zones alike.</summary>
    public string? Zone { get; init; }

    /// <summary>By which the other replicas reach this one. Default null: a cluster of one.</summary>
    public HostPort? ClusterAddress { get; init; }

    /// <summary>Replicas to join through. Default none; given only together with <see cref="ClusterAddress"/>.</summary>
    public ImmutableArray<HostPort> SeedNodes { get; init; } = [];

    /// <summary>Files for mutual TLS between replicas. Default null: plain TCP.</summary>
    public ClusterTlsFiles? ClusterTls { get; init; }

    /// <summary>Default off. On, <see cref="ListenAddress"/> is loopback, and the replica probes nothing and counts in no majority.</summary>
    public bool SidecarMode { get; init; }

    /// <summary>The least severe lines that are logged. Default Information; Trace to Error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The file that was read, as given; null: none.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>What serves HTTP/1.1 at <see cref="ListenAddress"/>. Default auto: event loops of the engine's own on Linux.</summary>
    public HttpEngine HttpEngine { get; init; }

    /// <summary>What those event loops wait on. Default auto: io_uring where the system allows it, else epoll.</summary>
    public EventLoopSetting EventLoop { get; init; }

    /// <summary>How many event loops there are, each with a thread of its own. Default 0, one for each core; to 64.</summary>
    public int EventLoops { get; init; }

    /// <summary>
    /// How long the replica may take to warm its data path up: each kind of request before it says that it is ready, the rest in the background, at
    /// a quarter of a core. It ends sooner when there is nothing left to gain. Default 10 s, 0 to 1 min; 0: no warm-up, and the first seconds of traffic cost several times the CPU.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public LimitSettings Limits { get; init; } = LimitSettings.Default;

    public DrainSettings Drain { get; init; } = DrainSettings.Default;

    /// <summary>Clients that are served. Default null: all. The connections of others are closed at once; requests that a trusted proxy forwards for them get 403.</summary>
    public ClientSettings? Clients { get; init; }

    /// <summary>Hosts that are served, exact or <c>*.example.com</c>. Default none: all. Requests to others get 421.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>How many requests clients may send to all routes together that have no limit of their own. Default null: as many as they like.</summary>
    public RateLimitSettings? RateLimit { get; init; }

    /// <summary>Proxies in front whose forwarding fields are believed. Default none: the fields are replaced.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether connections of <see cref="TrustedProxies"/> begin with a header of the PROXY protocol. Default off.</summary>
    public ProxyProtocolMode ProxyProtocol { get; init; }

    public RequestIdSettings RequestId { get; init; } = RequestIdSettings.Default;

    /// <summary>Default null: no access log.</summary>
    public AccessLogSettings? AccessLog { get; init; }

    /// <summary>Default null: requests are not traced, and <c>traceparent</c> passes as it is.</summary>
    public TracingSettings? Tracing { get; init; }

    /// <summary>Default null: metrics are only scraped.</summary>
    public OtlpMetricsSettings? OtlpMetrics { get; init; }

    /// <summary>At least one; distinct names. One without endpoints answers 503.</summary>
    public required ImmutableArray<PoolSettings> Pools { get; init; }

    /// <summary>Distinct names, pools that exist. Default none: everything goes to the pool <c>default</c>, which then exists.</summary>
    public ImmutableArray<RouteSettings> Routes { get; init; } = [];
}
