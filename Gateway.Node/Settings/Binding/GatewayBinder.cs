using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Node.Limiting;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates settings from the merged layers, with checks beyond the schema: for consistency.</summary>
internal sealed class GatewayBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    /// <summary>The settings. Not to be used if there are errors: faulty values have their defaults.</summary>
    public GatewaySettings Bind(string hostName, string? configPath)
    {
        var settings = new GatewaySettings
        {
            GatewayId = file.GatewayId ?? hostName,
            Zone = file.Zone,
            AdminTokenFile = file.AdminTokenFile is { } token ? given.Resolve("adminTokenFile", token) : null,
            SidecarMode = file.SidecarMode ?? false,
            MetricsEnabled = file.MetricsEnabled ?? false,
            ClusterAddress = file.ClusterAddr is { } cluster ? Reachable("clusterAddr", "clusterAddr", cluster, leastPort: 0) : null,
            SeedNodes = Seeds(),
            ClusterTls = ClusterTls(),
            HttpEngine = file.HttpEngine is { } engine ? Enum.Parse<HttpEngine>(engine, ignoreCase: true) : HttpEngine.Auto,
            EventLoop = EventLoopSettings.Parse(file.EventLoop),
            EventLoops = file.EventLoops ?? 0,
            WarmUp = file.WarmUp ?? DefaultWarmUp,
            LogLevel = Level(file.LogLevel),
            ConfigPath = configPath,
            Limits = Limits(file.Limits),
            Drain = new()
            {
                Delay = file.Drain?.Delay ?? DrainSettings.Default.Delay,
                Timeout = file.Drain?.Timeout ?? DrainSettings.Default.Timeout,
            },
            Clients = ClientsBinder.Of(file.Clients, (key, what) => faults.Add("clients", given.Where($"clients.{key}"), what)),
            Hosts = [.. (file.Hosts ?? []).OfType<string>()],
            RateLimit = RateLimitBinder.Of(file.RateLimit, (key, what) => faults.Add("rateLimit", given.Where($"rateLimit.{key}"), what)),
            TrustedProxies = ClientsBinder.NetworksOf("trustedProxies", file.TrustedProxies, (path, what) => faults.Add("trustedProxies", given.Where(path), what)),
            ProxyProtocol = Enum.Parse<ProxyProtocolMode>(file.ProxyProtocol ?? nameof(ProxyProtocolMode.Off), ignoreCase: true),
            RequestId = RequestId(),
            AccessLog = new AccessLogBinder(file, given, faults).Bind(),
            Tracing = new OtlpBinder(file, given, faults).Tracing(),
            OtlpMetrics = new OtlpBinder(file, given, faults).Metrics(),
            Pools = new PoolBinder(file, given, faults).Bind(),
        };
        settings = settings with
        {
            ListenAddress = Address("listenAddr", file.ListenAddr) ?? settings.ListenAddress,
            Http2Address = Address("http2Addr", file.Http2Addr),
            Tls = new TlsBinder(file, given, faults).Bind(Address("tlsAddr", file.TlsAddr)),
            HttpcgAddress = Address("httpcgAddr", file.HttpcgAddr),
            HttpcgTls = file.HttpcgTls ?? false,
            MetricsAddress = Address("metricsAddr", file.MetricsAddr) ?? settings.MetricsAddress,
            AdminAddress = Address("adminAddr", file.AdminAddr) ?? settings.AdminAddress,
            Routes = new RouteBinder(file, given, faults).Bind(settings.Pools),
        };
        new HttpcgBinder(file, given, faults).Check(settings.HttpcgAddress, settings.Tls, settings.Routes);
        CheckTogether(settings);
        return settings;
    }

    private static TimeSpan DefaultWarmUp { get; } = new GatewaySettings { GatewayId = "", Pools = [] }.WarmUp;

    private static LimitSettings DefaultLimits => LimitSettings.Default;

    private LimitSettings Limits(LimitsSection? limits) => new()
    {
        MaxConnections = file.MaxConnections ?? DefaultLimits.MaxConnections,
        MaxClientConnections = file.MaxClientConnections ?? DefaultLimits.MaxClientConnections,
        MaxConnectionsPerClient = limits?.MaxConnectionsPerClient ?? DefaultLimits.MaxConnectionsPerClient,
        MaxRequestBodySize = limits?.MaxRequestBodySize,
        MinRequestBodyDataRate = limits?.MinRequestBodyDataRate ?? DefaultLimits.MinRequestBodyDataRate,
        MinResponseDataRate = limits?.MinResponseDataRate ?? DefaultLimits.MinResponseDataRate,
        MaxRequestHeadSize = limits?.MaxRequestHeadSize ?? DefaultLimits.MaxRequestHeadSize,
        MaxRequestFields = limits?.MaxRequestFields ?? DefaultLimits.MaxRequestFields,
        MaxConcurrentProbes = limits?.MaxConcurrentProbes ?? DefaultLimits.MaxConcurrentProbes,
    };

    private RequestIdSettings RequestId()
    {
        var echo = file.RequestId?.Echo ?? false;
        var enabled = file.RequestId?.Enabled ?? (echo || file.AccessLog?.To is not null || file.OtlpEndpoint is not null);
        if (echo && !enabled)
        {
            faults.Add("requestId", given.Where("requestId.echo"), "'true' requires requestId.enabled, which is false");
        }

        return new() { Enabled = enabled, Echo = echo };
    }

    private static LogLevel Level(string? level) => level switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private IPEndPoint? Address(string key, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var address = ListenAddress.Parse(text);
        if (address is null)
        {
            faults.Add(key, given.Where(key), $"{Faults.Quote(text)} {HostPort.FaultOf(text)}; allowed: {ListenAddress.Allowed}");
        }

        return address;
    }

    private HostPort? Reachable(string key, string path, string text, int leastPort)
    {
        if (HostPort.TryParse(text, out var address) && address.Port >= leastPort &&
            address.Host is not ("*" or "0.0.0.0" or "[::]"))
        {
            return address;
        }

        faults.Add(key, given.Where(path), text.Length == 0
            ? "the list has an empty item; allowed: host:port,host:port"
            : $"{Faults.Quote(text)} {HostPort.FaultOf(text)}; allowed: host:port at which other replicas can reach it");
        return null;
    }

    private ImmutableArray<HostPort> Seeds()
    {
        if (file.SeedNodes is not { } seeds)
        {
            return [];
        }

        if (file.ClusterAddr is null && seeds.Count > 0 && !faults.Touch("clusterAddr"))
        {
            faults.Add("seedNodes", given.Where("seedNodes"), "requires --cluster-addr");
        }

        return [.. Texts("seedNodes", seeds).Select(s => Reachable("seedNodes", s.Path, s.Text, leastPort: 1)).OfType<HostPort>().Distinct()];
    }

    private ClusterTlsFiles? ClusterTls()
    {
        if (file is { ClusterTlsCert: { } certificate, ClusterTlsKey: { } key, ClusterTlsCa: { } authority })
        {
            return new(
                given.Resolve("clusterTlsCert", certificate), given.Resolve("clusterTlsKey", key), given.Resolve("clusterTlsCa", authority));
        }

        // Names the first of those given; a given faulty one has its own line.
        string[] keys = ["clusterTlsCert", "clusterTlsKey", "clusterTlsCa"];
        string?[] paths = [file.ClusterTlsCert, file.ClusterTlsKey, file.ClusterTlsCa];
        if (Array.FindIndex(paths, path => path is not null) is >= 0 and var index && !faults.Touch(keys))
        {
            faults.Add(keys[index], given.Where(keys[index]),
                "is set alone; set --cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca, or none of them");
        }

        return null;
    }

    /// <summary>The texts of a list with their places, without those removed by the schema check.</summary>
    private static IEnumerable<(string Path, string Text)> Texts(string key, IEnumerable<string?> texts) =>
        texts.Select((text, i) => (Path: $"{key}[{i}]", Text: text)).Where(t => t.Text is not null).Select(t => (t.Path, t.Text!));

    private void CheckEngine(GatewaySettings settings)
    {
        if (settings.HttpEngine == HttpEngine.Loops && !OperatingSystem.IsLinux())
        {
            faults.Add("httpEngine", given.Where("httpEngine"), "'loops' requires Linux; allowed on this system: auto, transport, kestrel");
        }

        if (file.EventLoop is null)
        {
            return;
        }

        if (settings.HttpEngine is HttpEngine.Transport or HttpEngine.Kestrel)
        {
            faults.Add("eventLoop", given.Where("eventLoop"),
                $"requires httpEngine auto or loops; httpEngine is {Faults.Quote(file.HttpEngine!)}");
        }
        else if (!OperatingSystem.IsLinux())
        {
            faults.Add("eventLoop", given.Where("eventLoop"), "requires Linux; remove it on this system");
        }
    }

    private void CheckCertificateLimits(GatewaySettings settings)
    {
        const string What = "'certificate' requires tls.clientCertificates accept or require; allowed otherwise: client, route, header:name";
        if (settings.RateLimit is { By: RateLimitKey.Certificate })
        {
            faults.Add("rateLimit", given.Where("rateLimit.by"), What);
        }

        for (var i = 0; i < settings.Routes.Length; i++)
        {
            if (settings.Routes[i].RateLimit is { By: RateLimitKey.Certificate })
            {
                faults.Add("routes", given.Where($"routes[{i}].rateLimit.by"), What);
            }
        }
    }

    private void CheckTogether(GatewaySettings settings)
    {
        List<(string Key, IPEndPoint Address)> listeners = [("listenAddr", settings.ListenAddress)];
        if (settings.Http2Address is { } http2)
        {
            listeners.Add(("http2Addr", http2));
        }

        if (settings.Tls is { } tls)
        {
            listeners.Add(("tlsAddr", tls.Address));
        }

        if (settings.HttpcgAddress is { } httpcg)
        {
            listeners.Add(("httpcgAddr", httpcg));
        }

        foreach (var (key, address) in listeners.Where(l => settings.SidecarMode && !IPAddress.IsLoopback(l.Address.Address)))
        {
            faults.Add(key, given.Where(key),
                $"{Faults.Quote(address.ToString())} is not loopback; allowed with --sidecar-mode: 127.0.0.1, [::1] or localhost");
        }

        if (settings.AdminTokenFile is null && !faults.Touch("adminTokenFile") && !IPAddress.IsLoopback(settings.AdminAddress.Address))
        {
            faults.Add("adminAddr", given.Where("adminAddr"),
                $"{Faults.Quote(settings.AdminAddress.ToString())} is not loopback; allowed without --admin-token-file: 127.0.0.1, [::1] or localhost");
        }

        if (settings is { ProxyProtocol: not ProxyProtocolMode.Off, TrustedProxies.IsEmpty: true } && !faults.Touch("trustedProxies"))
        {
            faults.Add("proxyProtocol", given.Where("proxyProtocol"),
                $"{Faults.Quote(file.ProxyProtocol!)} requires trustedProxies, the addresses that send the headers");
        }

        if (settings.Tls?.Clients is null && !faults.Touch("tls", "clientCertificates"))
        {
            CheckCertificateLimits(settings);
        }

        CheckEngine(settings);
        listeners.Add(("adminAddr", settings.AdminAddress));
        if (settings.MetricsEnabled)
        {
            listeners.Add(("metricsAddr", settings.MetricsAddress));
        }

        for (var i = 1; i < listeners.Count; i++)
        {
            var (key, address) = listeners[i];
            if (listeners.Take(i).FirstOrDefault(l => ListenAddress.Collide(l.Address, address)) is { Key: { } other } && !faults.Touch(key, other))
            {
                faults.Add(key, given.Where(key),
                    $"{Faults.Quote(address.ToString())} is already used by {given.Where(other)}; choose another port");
            }
        }

        if (faults.Touch("config", "pools", "relayEndpoints"))
        {
            return;
        }

        foreach (var pool in settings.Pools.Where(p => p.Endpoints.IsEmpty))
        {
            faults.Warn(given.Where($"pools.{pool.Name}"), "has no endpoints; requests get 503 until one is added");
        }

        if (settings.Pools.IsEmpty)
        {
            faults.Add("relayEndpoints", Flag.ByKey("relayEndpoints")!.Option,
                "no endpoint is configured; set http://host:port[,...] here or in GATEWAY_RELAY_ENDPOINTS, or configure pools in the file given with --config");
        }
    }
}
