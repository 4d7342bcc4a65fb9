using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Node.Settings;

/// <summary>A flag of the command line. Its type, range and default are those of its key in the schema.</summary>
/// <param name="Name">Without leading dashes: <c>listen-addr</c>.</param>
/// <param name="Group">Its heading in the help.</param>
/// <param name="Value">The placeholder of its value in the help; empty for a switch.</param>
/// <param name="Summary">One line of help.</param>
internal sealed record Flag(string Name, string Group, string Value, string Summary)
{
    public const string VariablePrefix = "GATEWAY_";

    private const string Node = "This replica";
    private const string Traffic = "Traffic (pool 'default'; defaults for the other pools)";
    private const string Observing = "Observability and control";
    private const string Cluster = "Cluster";

    /// <summary>All flags that are also variables and keys of the file, in the order of the help.</summary>
    public static ImmutableArray<Flag> All { get; } =
    [
        new("gateway-id", Node, "name", "Name in logs, metrics and the cluster."),
        new("listen-addr", Node, "host:port", "Address for requests, /health and /ready."),
        new("tls-addr", Node, "host:port", "Address for requests over TLS: HTTP/2 and HTTP/1.1."),
        new("tls-cert", Node, "path", "Certificate for clients, with its chain (PEM). The file can list more, selected by server name."),
        new("tls-key", Node, "path", "Private key of the certificate (PEM)."),
        new("tls-key-password-file", Node, "path", "File with the password of the key, if it is encrypted."),
        new("httpcg-addr", Node, "host:port", "Address for httpcg URLs, also as request targets."),
        new("httpcg-tls", Node, "", "Serve --httpcg-addr over TLS, with the certificates of --tls-addr."),
        new("max-connections", Node, "n", "Maximum concurrent requests; beyond it 503 with Retry-After."),
        new("event-loop", Node, "name", "Event notification for the event loops: auto, epoll or io_uring."),
        new("relay-endpoints", Traffic, "list", "Endpoints, comma-separated: http://host:port[;zone=a][;weight=2][;priority=0]."),
        new("load-balancing", Traffic, "strategy", "Balancing strategy: " + string.Join(", ", Core.Balancing.StrategyNames.All) + "."),
        new("health-check-interval-ms", Traffic, "ms", "Interval of the probes of an endpoint."),
        new("request-timeout-ms", Traffic, "ms", "Time until the head of the final answer, including retries."),
        new("retry-attempts", Traffic, "n", "Retries after the first attempt."),
        new("circuit-breaker-threshold", Traffic, "n", "Consecutive failures that trip an endpoint's breaker."),
        new("metrics-enabled", Observing, "", "Serve Prometheus metrics at /metrics."),
        new("metrics-addr", Observing, "host:port", "Address for /metrics."),
        new("admin-addr", Observing, "host:port", "Address for the admin API, the live page and pbm."),
        new("admin-token-file", Observing, "path", "File with the token that admin requests must send; required unless bound to loopback."),
        new("access-log", Observing, "to", "Access log, one line per request: - (standard output), a path, syslog:/socket or syslog://host:port."),
        new("otlp-endpoint", Observing, "url", "OTLP receiver for spans of requests and attempts, for example http://host:4318."),
        new("otlp-metrics-endpoint", Observing, "url", "OTLP receiver for metrics, in addition to /metrics, for example http://host:4318."),
        new("log-level", Observing, "level", "Minimum level: trace, debug, info, warn or error."),
        new("zone", Cluster, "name", "Failure domain of this replica."),
        new("cluster-addr", Cluster, "host:port", "Address at which other replicas reach this one; without it the replica runs alone."),
        new("seed-nodes", Cluster, "list", "Cluster addresses to join through, comma-separated; the same list on every replica."),
        new("cluster-tls-cert", Cluster, "path", "Certificate of this replica (PEM); with the next two flags, replicas use mutual TLS."),
        new("cluster-tls-key", Cluster, "path", "Private key of the certificate (PEM, unencrypted)."),
        new("cluster-tls-ca", Cluster, "path", "Authority that signs the certificates of all replicas (PEM)."),
        new("sidecar-mode", Cluster, "", "Serve one application on this host: loopback only, no probes, no vote."),
    ];

    public bool IsSwitch => Value.Length == 0;

    /// <summary><c>--listen-addr</c>.</summary>
    public string Option => "--" + Name;

    /// <summary><c>GATEWAY_LISTEN_ADDR</c>.</summary>
    public string Variable => VariablePrefix + Name.ToUpper(CultureInfo.InvariantCulture).Replace('-', '_');

    /// <summary><c>listenAddr</c>, the key in the file.</summary>
    public string Key { get; } = string.Concat(Name.Split('-').Select((word, i) =>
        i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    public static Flag? ByKey(string key) => All.FirstOrDefault(f => f.Key == key);
}
