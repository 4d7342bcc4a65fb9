using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Node.Settings.Sections;

/// <summary>Writes the records of the settings file, without nulls. The order of keys is part of a pool's digest, which replicas compare.</summary>
internal static class SectionWriter
{
    public static JsonObject Of(GatewayFile file) => Of(
        ("gatewayId", file.GatewayId),
        ("listenAddr", file.ListenAddr),
        ("http2Addr", file.Http2Addr),
        ("tlsAddr", file.TlsAddr),
        ("tlsCert", file.TlsCert),
        ("tlsKey", file.TlsKey),
        ("tlsKeyPasswordFile", file.TlsKeyPasswordFile),
        ("tls", file.Tls is { } tls ? Of(tls) : null),
        ("httpcgAddr", file.HttpcgAddr),
        ("httpcgTls", file.HttpcgTls),
        ("relayEndpoints", List(file.RelayEndpoints, Text)),
        ("healthCheckIntervalMs", file.HealthCheckIntervalMs),
        ("maxConnections", file.MaxConnections),
        ("requestTimeoutMs", file.RequestTimeoutMs),
        ("retryAttempts", file.RetryAttempts),
        ("circuitBreakerThreshold", file.CircuitBreakerThreshold),
        ("loadBalancing", file.LoadBalancing),
        ("metricsEnabled", file.MetricsEnabled),
        ("metricsAddr", file.MetricsAddr),
        ("adminAddr", file.AdminAddr),
        ("adminTokenFile", file.AdminTokenFile),
        ("zone", file.Zone),
        ("clusterAddr", file.ClusterAddr),
        ("seedNodes", List(file.SeedNodes, Text)),
        ("clusterTlsCert", file.ClusterTlsCert),
        ("clusterTlsKey", file.ClusterTlsKey),
        ("clusterTlsCa", file.ClusterTlsCa),
        ("sidecarMode", file.SidecarMode),
        ("logLevel", file.LogLevel),
        ("httpEngine", file.HttpEngine),
        ("eventLoop", file.EventLoop),
        ("eventLoops", file.EventLoops),
        ("warmUp", Text(file.WarmUp)),
        ("maxClientConnections", file.MaxClientConnections),
        ("limits", file.Limits is { } limits ? Of(limits) : null),
        ("clients", file.Clients is { } clients ? Of(clients) : null),
        ("hosts", List(file.Hosts, Text)),
        ("rateLimit", file.RateLimit is { } rate ? Of(rate) : null),
        ("drain", file.Drain is { } drain ? Of(("delay", Text(drain.Delay)), ("timeout", Text(drain.Timeout))) : null),
        ("trustedProxies", List(file.TrustedProxies, Text)),
        ("proxyProtocol", file.ProxyProtocol),
        ("requestId", file.RequestId is { } id ? Of(("enabled", id.Enabled), ("echo", id.Echo)) : null),
        ("accessLog", file.AccessLog is { } log ? Of(log) : null),
        ("otlpEndpoint", file.OtlpEndpoint),
        ("tracing", file.Tracing is { } tracing
            ? Of(("protocol", tracing.Protocol), ("sample", tracing.Sample), ("followParent", tracing.FollowParent), ("serviceName", tracing.ServiceName))
            : null),
        ("otlpMetricsEndpoint", file.OtlpMetricsEndpoint),
        ("otlpMetrics", file.OtlpMetrics is { } export ? Of(("protocol", export.Protocol), ("interval", Text(export.Interval)), ("serviceName", export.ServiceName)) : null),
        ("pools", file.Pools is { } pools ? Of([.. pools.Select(pool => (pool.Key, (JsonNode?)Of(pool.Value!)))]) : null),
        ("routes", List(file.Routes, route => Of(route!))));

    private static JsonObject Of(AccessLogSection log) => Of(
        ("to", log.To),
        ("format", log.Format),
        ("sample", log.Sample),
        ("slow", Text(log.Slow)),
        ("fields", List(log.Fields, Text)),
        ("redact", List(log.Redact, Text)),
        ("maxSize", log.MaxSize),
        ("maxAge", Text(log.MaxAge)),
        ("keep", log.Keep),
        ("queue", log.Queue));

    public static JsonObject Of(PoolSection pool) => Of(
        ("strategy", pool.Strategy),
        ("hashBalanceFactor", pool.HashBalanceFactor),
        ("protocol", pool.Protocol),
        ("proxyProtocol", pool.ProxyProtocol),
        ("endpoints", List(pool.Endpoints, endpoint => Of(endpoint!))),
        ("health", pool.Health is { } health ? Of(health) : null),
        ("breaker", pool.Breaker is { } breaker ? Of(breaker) : null),
        ("retry", pool.Retry is { } retry ? Of(retry) : null),
        ("timeouts", pool.Timeouts is { } times ? Of(("request", Text(times.Request)), ("try", Text(times.Try)), ("idle", Text(times.Idle))) : null),
        ("connections", pool.Connections is { } connections ? Of(connections) : null),
        ("tls", pool.Tls is { } tls ? Of(("serverName", tls.ServerName), ("authorities", tls.Authorities), ("certificate", tls.Certificate)) : null),
        ("slowStart", pool.SlowStart is { } start ? Of(("window", Text(start.Window)), ("aggression", start.Aggression)) : null),
        ("outliers", pool.Outliers is { } outliers ? Of(outliers) : null),
        ("adaptiveConcurrency", pool.AdaptiveConcurrency is { } limit ? Of(("min", limit.Min), ("max", limit.Max), ("tolerance", limit.Tolerance)) : null),
        ("zones", pool.Zones is { } zones ? Of(("minEndpoints", zones.MinEndpoints)) : null),
        ("host", pool.Host?.DeepClone()),
        ("panicThreshold", pool.PanicThreshold),
        ("maxConcurrency", pool.MaxConcurrency));

    private static JsonObject Of(ServingSection tls) => Of(
        ("certificates", List(tls.Certificates, served => Of(
            ("certificate", served!.Certificate), ("key", served.Key), ("keyPasswordFile", served.KeyPasswordFile), ("default", served.Default)))),
        ("engine", tls.Engine),
        ("clientCertificates", tls.ClientCertificates),
        ("clientAuthorities", tls.ClientAuthorities),
        ("clientCertificateChain", tls.ClientCertificateChain),
        ("redirect", tls.Redirect),
        ("redirectPort", tls.RedirectPort),
        ("hsts", tls.Hsts is { } hsts ? Of(("maxAge", Text(hsts.MaxAge)), ("includeSubDomains", hsts.IncludeSubDomains)) : null));

    private static JsonObject Of(LimitsSection limits) => Of(
        ("maxRequestBodySize", limits.MaxRequestBodySize),
        ("minRequestBodyDataRate", limits.MinRequestBodyDataRate),
        ("minResponseDataRate", limits.MinResponseDataRate),
        ("maxRequestHeadSize", limits.MaxRequestHeadSize),
        ("maxRequestFields", limits.MaxRequestFields),
        ("maxConcurrentProbes", limits.MaxConcurrentProbes),
        ("maxConnectionsPerClient", limits.MaxConnectionsPerClient));

    private static JsonObject Of(EndpointSection endpoint) => Of(
        ("address", endpoint.Address),
        ("weight", endpoint.Weight),
        ("zone", endpoint.Zone),
        ("priority", endpoint.Priority),
        ("maxConcurrency", endpoint.MaxConcurrency));

    private static JsonObject Of(HealthSection health) => Of(
        ("kind", health.Kind),
        ("path", health.Path),
        ("host", health.Host),
        ("service", health.Service),
        ("interval", Text(health.Interval)),
        ("timeout", Text(health.Timeout)),
        ("fastInterval", Text(health.FastInterval)),
        ("downInterval", Text(health.DownInterval)),
        ("unhealthyThreshold", health.UnhealthyThreshold),
        ("healthyThreshold", health.HealthyThreshold),
        ("expectedStatus", health.ExpectedStatus),
        ("expectedBody", health.ExpectedBody),
        ("degradedLatency", Text(health.DegradedLatency)));

    private static JsonObject Of(BreakerSection breaker) => Of(
        ("threshold", breaker.Threshold),
        ("failureStatuses", List(breaker.FailureStatuses, status => status)),
        ("grpcFailureStatuses", List(breaker.GrpcFailureStatuses, status => status)),
        ("break", Text(breaker.Break)),
        ("maxBreak", Text(breaker.MaxBreak)),
        ("halfOpenMaxCalls", breaker.HalfOpenMaxCalls),
        ("halfOpenSuccesses", breaker.HalfOpenSuccesses),
        ("failureRate", breaker.FailureRate is { } rate
            ? Of(("percent", rate.Percent), ("window", Text(rate.Window)), ("minimum", rate.Minimum))
            : null));

    private static JsonObject Of(OutliersSection outliers) => Of(
        ("interval", Text(outliers.Interval)),
        ("minEndpoints", outliers.MinEndpoints),
        ("minRequests", outliers.MinRequests),
        ("baseEjection", Text(outliers.BaseEjection)),
        ("maxEjection", Text(outliers.MaxEjection)),
        ("maxEjectionPercent", outliers.MaxEjectionPercent));

    private static JsonObject Of(RetrySection retry) => Of(
        ("attempts", retry.Attempts),
        ("budgetPercent", retry.BudgetPercent),
        ("budgetMinimum", retry.BudgetMinimum),
        ("statuses", List(retry.Statuses, status => status)),
        ("grpcStatuses", List(retry.GrpcStatuses, status => status)),
        ("maxKeptBody", retry.MaxKeptBody));

    private static JsonObject Of(ConnectionsSection connections) => Of(
        ("max", connections.Max),
        ("queueSize", connections.QueueSize),
        ("queueTimeout", Text(connections.QueueTimeout)),
        ("idleTimeout", Text(connections.IdleTimeout)),
        ("maxLifetime", Text(connections.MaxLifetime)),
        ("connectTimeout", Text(connections.ConnectTimeout)),
        ("pingInterval", Text(connections.PingInterval)),
        ("maxAnswerFields", connections.MaxAnswerFields));

    private static JsonObject Of(RouteSection route) => Of(
        ("name", route.Name),
        ("planes", List(route.Planes, Text)),
        ("hosts", List(route.Hosts, Text)),
        ("path", route.Path),
        ("pathPrefix", route.PathPrefix),
        ("methods", List(route.Methods, Text)),
        ("headers", List(route.Headers, header => Of(("name", header!.Name), ("value", header.Value), ("prefix", header.Prefix)))),
        ("query", List(route.Query, parameter => Of(("name", parameter!.Name), ("value", parameter.Value)))),
        ("pool", route.Pool),
        ("priority", route.Priority),
        ("maxRequestBodySize", route.MaxRequestBodySize),
        ("clients", route.Clients is { } clients ? Of(clients) : null),
        ("rateLimit", route.RateLimit is { } rate ? Of(rate) : null),
        ("split", route.Split is { } split
            ? Of(("pools", List(split.Pools, share => Of(("pool", share!.Pool), ("weight", share.Weight)))), ("by", split.By), ("name", split.Name))
            : null),
        ("mirror", route.Mirror is { } mirror
            ? Of(("pool", mirror.Pool), ("percent", mirror.Percent), ("maxConcurrent", mirror.MaxConcurrent), ("maxBody", mirror.MaxBody))
            : null),
        ("affinity", route.Affinity is { } affinity
            ? Of(
                ("by", affinity.By), ("name", affinity.Name), ("keyFile", affinity.KeyFile), ("cookie", affinity.Cookie), ("maxAge", Text(affinity.MaxAge)), ("sameSite", affinity.SameSite),
                ("secure", affinity.Secure))
            : null),
        ("rewrite", route.Rewrite is { } rewrite
            ? Of(("stripPrefix", rewrite.StripPrefix), ("replacePrefix", rewrite.ReplacePrefix), ("path", rewrite.Path))
            : null),
        ("requestFields", route.RequestFields is { } asked ? Of(asked) : null),
        ("responseFields", route.ResponseFields is { } answered ? Of(answered) : null),
        ("redirect", route.Redirect is { } redirect ? Of(("location", redirect.Location), ("status", redirect.Status)) : null),
        ("answer", route.Answer is { } answer ? Of(("status", answer.Status), ("contentType", answer.ContentType), ("body", answer.Body)) : null),
        ("timeouts", route.Timeouts is { } times ? Of(("request", Text(times.Request)), ("try", Text(times.Try)), ("idle", Text(times.Idle))) : null),
        ("retry", route.Retry is { } retry ? Of(("attempts", retry.Attempts)) : null));

    private static JsonObject Of(ClientsSection clients) => Of(("allow", List(clients.Allow, Text)), ("deny", List(clients.Deny, Text)));

    private static JsonObject Of(RateLimitSection limit) => Of(
        ("requests", limit.Requests),
        ("per", Text(limit.Per)),
        ("burst", limit.Burst),
        ("by", limit.By),
        ("maxKeys", limit.MaxKeys),
        ("ipv6Prefix", limit.Ipv6Prefix));

    private static JsonObject Of(FieldsSection fields) => Of(
        ("set", List(fields.Set, line => Of(line!))), ("add", List(fields.Add, line => Of(line!))), ("remove", List(fields.Remove, Text)));

    private static JsonObject Of(FieldLineSection line) => Of(("name", line.Name), ("value", line.Value));

    private static JsonObject Of(params ReadOnlySpan<(string Key, JsonNode? Value)> members)
    {
        var values = new JsonObject();
        foreach (var (key, value) in members)
        {
            if (value is not null)
            {
                values[key] = value;
            }
        }

        return values;
    }

    private static JsonArray? List<T>(IEnumerable<T>? items, Func<T, JsonNode?> write) => items is null ? null : [.. items.Select(write)];

    private static JsonNode? Text(string? text) => text;

    private static JsonNode? Text(TimeSpan? duration) => duration?.ToString("c", CultureInfo.InvariantCulture);
}
