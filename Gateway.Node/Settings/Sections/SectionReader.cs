namespace Gateway.Node.Settings.Sections;

/// <summary>Reads the merged layers into the records from which settings are created. A test compares it with the schema, key by key.</summary>
internal static class SectionReader
{
    public static GatewayFile File(SectionValues file) => new()
    {
        GatewayId = file.Text("gatewayId"),
        ListenAddr = file.Text("listenAddr"),
        Http2Addr = file.Text("http2Addr"),
        TlsAddr = file.Text("tlsAddr"),
        TlsCert = file.Text("tlsCert"),
        TlsKey = file.Text("tlsKey"),
        TlsKeyPasswordFile = file.Text("tlsKeyPasswordFile"),
        Tls = file.Section("tls", Serving),
        HttpcgAddr = file.Text("httpcgAddr"),
        HttpcgTls = file.Truth("httpcgTls"),
        RelayEndpoints = file.TextsOrCommas("relayEndpoints"),
        HealthCheckIntervalMs = file.Integer("healthCheckIntervalMs"),
        MaxConnections = file.Integer("maxConnections"),
        RequestTimeoutMs = file.Integer("requestTimeoutMs"),
        RetryAttempts = file.Integer("retryAttempts"),
        CircuitBreakerThreshold = file.Integer("circuitBreakerThreshold"),
        LoadBalancing = file.Text("loadBalancing"),
        MetricsEnabled = file.Truth("metricsEnabled"),
        MetricsAddr = file.Text("metricsAddr"),
        AdminAddr = file.Text("adminAddr"),
        AdminTokenFile = file.Text("adminTokenFile"),
        Zone = file.Text("zone"),
        ClusterAddr = file.Text("clusterAddr"),
        SeedNodes = file.TextsOrCommas("seedNodes"),
        ClusterTlsCert = file.Text("clusterTlsCert"),
        ClusterTlsKey = file.Text("clusterTlsKey"),
        ClusterTlsCa = file.Text("clusterTlsCa"),
        SidecarMode = file.Truth("sidecarMode"),
        LogLevel = file.Text("logLevel"),
        HttpEngine = file.Text("httpEngine"),
        EventLoop = file.Text("eventLoop"),
        EventLoops = file.Integer("eventLoops"),
        WarmUp = file.Duration("warmUp"),
        MaxClientConnections = file.Integer("maxClientConnections"),
        Limits = file.Section("limits", static limits => new LimitsSection(
            limits.Long("maxRequestBodySize"), limits.Integer("minRequestBodyDataRate"), limits.Integer("minResponseDataRate"),
            limits.Integer("maxRequestHeadSize"), limits.Integer("maxRequestFields"), limits.Integer("maxConcurrentProbes"), limits.Integer("maxConnectionsPerClient"))),
        Clients = file.Section("clients", Clients),
        Hosts = file.Texts("hosts"),
        RateLimit = file.Section("rateLimit", RateLimit),
        Drain = file.Section("drain", static drain => new DrainSection(drain.Duration("delay"), drain.Duration("timeout"))),
        TrustedProxies = file.Texts("trustedProxies"),
        ProxyProtocol = file.Text("proxyProtocol"),
        RequestId = file.Section("requestId", static id => new RequestIdSection(id.Truth("enabled"), id.Truth("echo"))),
        AccessLog = file.TextOrSection("accessLog", static to => new AccessLogSection { To = to }, AccessLog),
        OtlpEndpoint = file.Text("otlpEndpoint"),
        Tracing = file.Section("tracing", static tracing => new TracingSection(
            tracing.Text("protocol"), tracing.Number("sample"), tracing.Truth("followParent"), tracing.Text("serviceName"))),
        OtlpMetricsEndpoint = file.Text("otlpMetricsEndpoint"),
        OtlpMetrics = file.Section("otlpMetrics", static export => new OtlpMetricsSection(export.Text("protocol"), export.Duration("interval"), export.Text("serviceName"))),
        Pools = file.Map("pools", Pool),
        Routes = file.Sections("routes", Route),
    };

    private static AccessLogSection AccessLog(SectionValues log) => new()
    {
        To = log.Text("to"),
        Format = log.Text("format"),
        Sample = log.Number("sample"),
        Slow = log.Duration("slow"),
        Fields = log.Texts("fields"),
        Redact = log.Texts("redact"),
        MaxSize = log.Long("maxSize"),
        MaxAge = log.Duration("maxAge"),
        Keep = log.Integer("keep"),
        Queue = log.Integer("queue"),
    };

    private static ServingSection Serving(SectionValues tls) => new()
    {
        Certificates = tls.Sections("certificates", static served => new ServedCertificateSection(
            served.Text("certificate"), served.Text("key"), served.Text("keyPasswordFile"), served.Truth("default"))),
        Engine = tls.Text("engine"),
        ClientCertificates = tls.Text("clientCertificates"),
        ClientAuthorities = tls.Text("clientAuthorities"),
        ClientCertificateChain = tls.Truth("clientCertificateChain"),
        Redirect = tls.Truth("redirect"),
        RedirectPort = tls.Integer("redirectPort"),
        Hsts = tls.Section("hsts", static hsts => new HstsSection(hsts.Duration("maxAge"), hsts.Truth("includeSubDomains"))),
    };

    private static PoolSection Pool(SectionValues pool) => new()
    {
        Strategy = pool.Text("strategy"),
        HashBalanceFactor = pool.Integer("hashBalanceFactor"),
        Protocol = pool.Text("protocol"),
        ProxyProtocol = pool.Text("proxyProtocol"),
        Endpoints = pool.Sections("endpoints", static endpoint => new EndpointSection(
            endpoint.Text("address"), endpoint.Integer("weight"), endpoint.Text("zone"), endpoint.Integer("priority"), endpoint.Integer("maxConcurrency"))),
        Health = pool.Section("health", Health),
        Breaker = pool.Section("breaker", Breaker),
        Retry = pool.Section("retry", static retry => new RetrySection
        {
            Attempts = retry.Integer("attempts"),
            BudgetPercent = retry.Integer("budgetPercent"),
            BudgetMinimum = retry.Integer("budgetMinimum"),
            Statuses = retry.Integers("statuses"),
            GrpcStatuses = retry.Texts("grpcStatuses"),
            MaxKeptBody = retry.Integer("maxKeptBody"),
        }),
        Timeouts = pool.Section("timeouts", static timeouts => new TimeoutsSection
        {
            Request = timeouts.Duration("request"),
            Try = timeouts.Duration("try"),
            Idle = timeouts.Duration("idle"),
        }),
        Connections = pool.Section("connections", Connections),
        Tls = pool.Section("tls", static tls => new TlsSection(tls.Text("serverName"), tls.Text("authorities"), tls.Text("certificate"))),
        SlowStart = pool.Section("slowStart", static start => new SlowStartSection
        {
            Window = start.Duration("window"),
            Aggression = start.Number("aggression"),
        }),
        Outliers = pool.Section("outliers", static outliers => new OutliersSection
        {
            Interval = outliers.Duration("interval"),
            MinEndpoints = outliers.Integer("minEndpoints"),
            MinRequests = outliers.Integer("minRequests"),
            BaseEjection = outliers.Duration("baseEjection"),
            MaxEjection = outliers.Duration("maxEjection"),
            MaxEjectionPercent = outliers.Integer("maxEjectionPercent"),
        }),
        AdaptiveConcurrency = pool.Section("adaptiveConcurrency", static limit => new AdaptiveConcurrencySection(
            limit.Integer("min"), limit.Integer("max"), limit.Number("tolerance"))),
        Zones = pool.Section("zones", static zones => new ZonesSection(zones.Integer("minEndpoints"))),
        Host = pool.Node("host"),
        PanicThreshold = pool.Integer("panicThreshold"),
        MaxConcurrency = pool.Integer("maxConcurrency"),
    };

    private static HealthSection Health(SectionValues health) => new()
    {
        Kind = health.Text("kind"),
        Path = health.Text("path"),
        Host = health.Text("host"),
        Service = health.Text("service"),
        Interval = health.Duration("interval"),
        Timeout = health.Duration("timeout"),
        FastInterval = health.Duration("fastInterval"),
        DownInterval = health.Duration("downInterval"),
        UnhealthyThreshold = health.Integer("unhealthyThreshold"),
        HealthyThreshold = health.Integer("healthyThreshold"),
        ExpectedStatus = health.Node("expectedStatus")?.ToString(),
        ExpectedBody = health.Text("expectedBody"),
        DegradedLatency = health.Duration("degradedLatency"),
    };

    private static BreakerSection Breaker(SectionValues breaker) => new()
    {
        Threshold = breaker.Integer("threshold"),
        FailureStatuses = breaker.Integers("failureStatuses"),
        GrpcFailureStatuses = breaker.Texts("grpcFailureStatuses"),
        Break = breaker.Duration("break"),
        MaxBreak = breaker.Duration("maxBreak"),
        HalfOpenMaxCalls = breaker.Integer("halfOpenMaxCalls"),
        HalfOpenSuccesses = breaker.Integer("halfOpenSuccesses"),
        FailureRate = breaker.Section("failureRate", static rate => new FailureRateSection(
            rate.Number("percent"), rate.Duration("window"), rate.Integer("minimum"))),
    };

    private static ConnectionsSection Connections(SectionValues connections) => new()
    {
        Max = connections.Integer("max"),
        QueueSize = connections.Integer("queueSize"),
        QueueTimeout = connections.Duration("queueTimeout"),
        IdleTimeout = connections.Duration("idleTimeout"),
        MaxLifetime = connections.Duration("maxLifetime"),
        ConnectTimeout = connections.Duration("connectTimeout"),
        PingInterval = connections.Duration("pingInterval"),
        MaxAnswerFields = connections.Integer("maxAnswerFields"),
    };

    private static RouteSection Route(SectionValues route) => new()
    {
        Name = route.Text("name"),
        Planes = route.Texts("planes"),
        Hosts = route.Texts("hosts"),
        Path = route.Text("path"),
        PathPrefix = route.Text("pathPrefix"),
        Methods = route.Texts("methods"),
        Headers = route.Sections("headers", static header => new HeaderSection(header.Text("name"), header.Text("value"), header.Text("prefix"))),
        Query = route.Sections("query", static parameter => new QuerySection(parameter.Text("name"), parameter.Text("value"))),
        Pool = route.Text("pool"),
        Priority = route.Text("priority"),
        MaxRequestBodySize = route.Long("maxRequestBodySize"),
        Clients = route.Section("clients", Clients),
        RateLimit = route.Section("rateLimit", RateLimit),
        Split = route.Section("split", static split => new SplitSection(
            split.Sections("pools", static share => new ShareSection(share.Text("pool"), share.Integer("weight"))), split.Text("by"), split.Text("name"))),
        Mirror = route.Section("mirror", static mirror => new MirrorSection(
            mirror.Text("pool"), mirror.Number("percent"), mirror.Integer("maxConcurrent"), mirror.Integer("maxBody"))),
        Affinity = route.Section("affinity", static affinity => new AffinitySection(
            affinity.Text("by"), affinity.Text("name"), affinity.Text("keyFile"), affinity.Text("cookie"), affinity.Duration("maxAge"), affinity.Text("sameSite"), affinity.Truth("secure"))),
        Rewrite = route.Section("rewrite", static rewrite => new RewriteSection(rewrite.Truth("stripPrefix"), rewrite.Text("replacePrefix"), rewrite.Text("path"))),
        RequestFields = route.Section("requestFields", Fields),
        ResponseFields = route.Section("responseFields", Fields),
        Redirect = route.Section("redirect", static redirect => new RedirectSection(redirect.Text("location"), redirect.Integer("status"))),
        Answer = route.Section("answer", static answer => new AnswerSection(answer.Integer("status"), answer.Text("contentType"), answer.Text("body"))),
        Timeouts = route.Section("timeouts", static times => new RouteTimeoutsSection(times.Duration("request"), times.Duration("try"), times.Duration("idle"))),
        Retry = route.Section("retry", static retry => new RouteRetrySection(retry.Integer("attempts"))),
    };

    private static ClientsSection Clients(SectionValues clients) => new(clients.Texts("allow"), clients.Texts("deny"));

    private static RateLimitSection RateLimit(SectionValues limit) => new()
    {
        Requests = limit.Integer("requests"),
        Per = limit.Duration("per"),
        Burst = limit.Integer("burst"),
        By = limit.Text("by"),
        MaxKeys = limit.Integer("maxKeys"),
        Ipv6Prefix = limit.Integer("ipv6Prefix"),
    };

    private static FieldsSection Fields(SectionValues fields) => new(fields.Sections("set", FieldLine), fields.Sections("add", FieldLine), fields.Texts("remove"));

    private static FieldLineSection FieldLine(SectionValues line) => new(line.Text("name"), line.Text("value"));
}
