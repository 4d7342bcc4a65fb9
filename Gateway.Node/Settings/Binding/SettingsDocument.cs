using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Balancing;
using Gateway.Core.Connecting;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Outliers;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Writes the settings in force as a file that would create them, with every default included.</summary>
internal static class SettingsDocument
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static string Of(GatewaySettings settings) => SectionWriter.Of(FileOf(settings)).ToJsonString(Json);

    /// <summary>A digest that is equal for equal settings of a pool, whatever the order of its endpoints.</summary>
    public static long DigestOf(PoolSettings pool)
    {
        var sorted = pool with { Endpoints = [.. pool.Endpoints.OrderBy(e => e.Address.Canonical, StringComparer.Ordinal)] };
        return unchecked((long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(SectionWriter.Of(PoolOf(sorted)).ToJsonString(Json))));
    }

    private static GatewayFile FileOf(GatewaySettings settings) => new()
    {
        GatewayId = settings.GatewayId,
        ListenAddr = settings.ListenAddress.ToString(),
        Http2Addr = settings.Http2Address?.ToString(),
        TlsAddr = settings.Tls?.Address.ToString(),
        Tls = settings.Tls is { } tls ? ServingOf(tls) : null,
        HttpcgAddr = settings.HttpcgAddress?.ToString(),
        HttpcgTls = settings.HttpcgTls ? true : null,
        MaxConnections = settings.Limits.MaxConnections,
        MetricsEnabled = settings.MetricsEnabled,
        MetricsAddr = settings.MetricsAddress.ToString(),
        AdminAddr = settings.AdminAddress.ToString(),
        AdminTokenFile = settings.AdminTokenFile,
        Zone = settings.Zone,
        ClusterAddr = settings.ClusterAddress?.ToString(),
        SeedNodes = settings.SeedNodes.IsEmpty ? null : [.. settings.SeedNodes.Select(s => s.ToString())],
        ClusterTlsCert = settings.ClusterTls?.Certificate,
        ClusterTlsKey = settings.ClusterTls?.Key,
        ClusterTlsCa = settings.ClusterTls?.Authority,
        SidecarMode = settings.SidecarMode,
        LogLevel = LevelOf(settings.LogLevel),
        WarmUp = settings.WarmUp,
        HttpEngine = settings.HttpEngine.ToString().ToLowerInvariant(),
        EventLoop = settings.EventLoop == EventLoopSetting.Auto ? null : EventLoopSettings.NameOf(settings.EventLoop),
        EventLoops = settings.EventLoops,
        MaxClientConnections = settings.Limits.MaxClientConnections,
        Limits = new(
            settings.Limits.MaxRequestBodySize,
            settings.Limits.MinRequestBodyDataRate,
            settings.Limits.MinResponseDataRate,
            settings.Limits.MaxRequestHeadSize,
            settings.Limits.MaxRequestFields,
            settings.Limits.MaxConcurrentProbes,
            settings.Limits.MaxConnectionsPerClient),
        Clients = ClientsOf(settings.Clients),
        Hosts = settings.Hosts.IsEmpty ? null : [.. settings.Hosts],
        RateLimit = RateLimitOf(settings.RateLimit),
        Drain = new(settings.Drain.Delay, settings.Drain.Timeout),
        TrustedProxies = settings.TrustedProxies.IsEmpty ? null : [.. settings.TrustedProxies.Select(n => n.ToString())],
        ProxyProtocol = settings.ProxyProtocol == ProxyProtocolMode.Off ? null : settings.ProxyProtocol.ToString().ToLowerInvariant(),
        RequestId = new(settings.RequestId.Enabled, settings.RequestId.Echo),
        AccessLog = settings.AccessLog is { } log ? AccessLogOf(log) : null,
        OtlpEndpoint = settings.Tracing?.Endpoint.ToString(),
        Tracing = settings.Tracing is { } tracing
            ? new(tracing.Protocol.ToString().ToLowerInvariant(), tracing.Sample, tracing.FollowParent, tracing.ServiceName)
            : null,
        OtlpMetricsEndpoint = settings.OtlpMetrics?.Endpoint.ToString(),
        OtlpMetrics = settings.OtlpMetrics is { } export ? new(export.Protocol.ToString().ToLowerInvariant(), export.Interval, export.ServiceName) : null,
        Pools = settings.Pools.ToDictionary(p => p.Name, PoolOf, StringComparer.Ordinal)!,
        Routes = settings.Routes.IsEmpty ? null : [.. settings.Routes.Select(RouteOf)],
    };

    private static AccessLogSection AccessLogOf(AccessLogSettings log) => new()
    {
        To = log.To,
        Format = log.Format.ToString().ToLowerInvariant(),
        Sample = log.Sample,
        Slow = log.Slow,
        Fields = [.. log.Fields],
        Redact = [.. log.Redact],
        MaxSize = log.MaxSize,
        MaxAge = log.MaxAge,
        Keep = log.Keep,
        Queue = log.Queue,
    };

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => level.ToString().ToLowerInvariant(),
    };

    private static ServingSection ServingOf(TlsSettings tls) => new()
    {
        Engine = tls.Engine.ToString().ToLowerInvariant(),
        Certificates = [.. tls.Certificates.Select(c => new ServedCertificateSection(c.Certificate, c.Key, c.PasswordFile, c.IsDefault))],
        ClientCertificates = tls.Clients?.Mode.ToString().ToLowerInvariant(),
        ClientAuthorities = tls.Clients?.Authorities,
        ClientCertificateChain = tls.Clients?.PassesChain,
        Redirect = tls.RedirectPort is null ? null : true,
        RedirectPort = tls.RedirectPort is 0 ? null : tls.RedirectPort,
        Hsts = tls.Hsts is { } hsts ? new(hsts.MaxAge, hsts.IncludeSubDomains) : null,
    };

    private static PoolSection PoolOf(PoolSettings pool) => new()
    {
        Strategy = pool.Strategy.Name(),
        HashBalanceFactor = pool.HashBalanceFactor,
        Endpoints = [.. pool.Endpoints.Select(EndpointOf)],
        Health = HealthOf(pool.Health),
        Breaker = new()
        {
            Threshold = pool.Breaker.Threshold,
            FailureStatuses = [.. pool.Breaker.FailureStatuses.Select(s => (int?)s)],
            GrpcFailureStatuses = [.. pool.Breaker.GrpcFailureStatuses.Select(GrpcStatuses.NameOf)],
            Break = pool.Breaker.Break,
            MaxBreak = pool.Breaker.MaxBreak,
            HalfOpenMaxCalls = pool.Breaker.HalfOpenMaxCalls,
            HalfOpenSuccesses = pool.Breaker.HalfOpenSuccesses,
            FailureRate = pool.Breaker.FailureRatePercent is { } percent
                ? new(percent, pool.Breaker.FailureRateWindow, pool.Breaker.FailureRateMinimum)
                : null,
        },
        Retry = new()
        {
            Attempts = pool.Retry.Attempts,
            BudgetPercent = pool.Retry.BudgetPercent,
            BudgetMinimum = pool.Retry.BudgetMinimum,
            Statuses = [.. pool.Retry.Statuses.Select(s => (int?)s)],
            GrpcStatuses = [.. pool.Retry.GrpcStatuses.Select(GrpcStatuses.NameOf)],
            MaxKeptBody = pool.Retry.MaxKeptBody,
        },
        Timeouts = new() { Request = pool.Timeouts.Request, Try = pool.Timeouts.Try, Idle = pool.Timeouts.Idle },
        Connections = new()
        {
            Max = pool.Connections.Max,
            IdleTimeout = pool.Connections.IdleTimeout,
            MaxLifetime = pool.Connections.MaxLifetime,
            ConnectTimeout = pool.Connections.ConnectTimeout,
            PingInterval = pool.Connections.PingInterval,
            MaxAnswerFields = pool.Connections.MaxAnswerFields,
            QueueSize = pool.Connections.QueueSize,
            QueueTimeout = pool.Connections.QueueTimeout,
        },
        Protocol = pool.Connections.Protocol == BackendProtocol.Http2 ? "http2" : "http1",
        ProxyProtocol = pool.Connections.ProxyProtocol == BackendProxyProtocol.Off ? null : pool.Connections.ProxyProtocol.ToString().ToLowerInvariant(),
        Tls = pool.Connections.Tls == TlsPolicy.Default
            ? null
            : new(pool.Connections.Tls.ServerName, pool.Connections.Tls.Authorities, pool.Connections.Tls.Certificate),
        SlowStart = new() { Window = pool.SlowStart.Window, Aggression = pool.SlowStart.Aggression },
        Host = HostOf(pool.Host),
        PanicThreshold = pool.PanicThreshold,
        Outliers = pool.Outliers is { } outliers ? OutliersOf(outliers) : null,
        AdaptiveConcurrency = pool.AdaptiveConcurrency is { } limit ? new(limit.Min, limit.Max, limit.Tolerance) : null,
        Zones = new(pool.Zones.MinEndpoints),
        MaxConcurrency = pool.MaxConcurrency,
    };

    private static OutliersSection OutliersOf(OutlierPolicy outliers) => new()
    {
        Interval = outliers.Interval,
        MinEndpoints = outliers.MinEndpoints,
        MinRequests = outliers.MinRequests,
        BaseEjection = outliers.BaseEjection,
        MaxEjection = outliers.MaxEjection,
        MaxEjectionPercent = outliers.MaxEjectionPercent,
    };

    private static EndpointSection EndpointOf(EndpointSettings endpoint) =>
        new(endpoint.Address.Canonical, endpoint.Weight, endpoint.Zone, endpoint.Priority, endpoint.MaxConcurrency);

    private static HealthSection HealthOf(HealthPolicy health) => new()
    {
        Kind = health.Probe.Kind.ToString().ToLowerInvariant(),
        Path = health.Probe.Path,
        Host = health.Probe.Host,
        Service = health.Probe.Service,
        Interval = health.Interval,
        Timeout = health.Probe.Timeout,
        FastInterval = health.FastInterval,
        DownInterval = health.DownInterval,
        UnhealthyThreshold = health.UnhealthyThreshold,
        HealthyThreshold = health.HealthyThreshold,
        ExpectedStatus = string.Create(CultureInfo.InvariantCulture, $"{health.Probe.StatusFrom}-{health.Probe.StatusTo}"),
        ExpectedBody = health.Probe.BodyContains,
        DegradedLatency = health.DegradedLatency,
    };

    private static JsonNode HostOf(HostPolicy host) => host.Mode switch
    {
        HostMode.Endpoint => "endpoint",
        HostMode.Fixed => new JsonObject { ["value"] = host.Value },
        _ => "preserve",
    };

    private static ClientsSection? ClientsOf(ClientSettings? clients) =>
        clients is null ? null : new(clients.Allow.IsEmpty ? null : [.. clients.Allow.Select(n => n.ToString())], [.. clients.Deny.Select(n => n.ToString())]);

    private static RateLimitSection? RateLimitOf(RateLimitSettings? limit) => limit is null ? null : new()
    {
        Requests = limit.Requests,
        Per = limit.Per,
        Burst = limit.Burst,
        By = limit.Field is { } field ? $"header:{field}" : limit.By.ToString().ToLowerInvariant(),
        MaxKeys = limit.MaxKeys,
        Ipv6Prefix = limit.Ipv6Prefix,
    };

    private static RouteSection RouteOf(RouteSettings route) => new()
    {
        Name = route.Name,
        Planes = route.Planes.IsEmpty ? null : [.. route.Planes.Select(HttpcgPlanes.TextOf)],
        Hosts = route.Hosts.IsEmpty ? null : [.. route.Hosts],
        Path = route.Path,
        PathPrefix = route.Path is null ? route.PathPrefix : null,
        Methods = route.Methods.IsEmpty ? null : [.. route.Methods],
        Headers = route.Headers.IsEmpty ? null : [.. route.Headers.Select(h => new HeaderSection(h.Name, h.Value, h.Prefix))],
        Query = route.Query.IsEmpty ? null : [.. route.Query.Select(q => new QuerySection(q.Name, q.Value))],
        Pool = route.Pool,
        Priority = route.Priority == RequestPriority.Default ? null : route.Priority.Name(),
        MaxRequestBodySize = route.MaxRequestBodySize,
        Clients = ClientsOf(route.Clients),
        RateLimit = RateLimitOf(route.RateLimit),
        Split = route.Split is { } split
            ? new([.. split.Pools.Select(s => new ShareSection(s.Pool, s.Weight))], split.By.ToString().ToLowerInvariant(), split.Name)
            : null,
        Mirror = route.Mirror is { } mirror ? new(mirror.Pool, mirror.Percent, mirror.MaxConcurrent, mirror.MaxBody) : null,
        Affinity = route.Affinity is { } affinity
            ? AffinityOf(affinity)
            : null,
        Rewrite = route.Rewrite is { } rewrite ? new(rewrite.StripPrefix ? true : null, rewrite.ReplacePrefix, rewrite.Path) : null,
        RequestFields = FieldsOf(route.RequestFields),
        ResponseFields = FieldsOf(route.ResponseFields),
        Redirect = route.Redirect is { } redirect ? new(redirect.Location, redirect.Status) : null,
        Answer = route.Answer is { } answer ? new(answer.Status, answer.ContentType, answer.Body) : null,
        Timeouts = route is { RequestTimeout: null, TryTimeout: null, IdleTimeout: null } ? null : new(route.RequestTimeout, route.TryTimeout, route.IdleTimeout),
        Retry = route.RetryAttempts is { } attempts ? new(attempts) : null,
    };

    private static AffinitySection AffinityOf(AffinitySettings affinity) => affinity.By == AffinityKind.Cookie
        ? new("cookie", null, affinity.KeyFile, affinity.Cookie, affinity.MaxAge, affinity.SameSite.ToString().ToLowerInvariant(), affinity.Secure)
        : new(affinity.By.ToString().ToLowerInvariant(), affinity.Name, null, null, null, null, null);

    private static FieldsSection? FieldsOf(FieldChanges changes) => FieldEdit.Of(changes) is null ? null : new(
        [.. changes.Set.Select(l => new FieldLineSection(l.Name, l.Value))], [.. changes.Add.Select(l => new FieldLineSection(l.Name, l.Value))], [.. changes.Remove]);
}
