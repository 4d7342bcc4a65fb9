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
    private const string Traffic = "Traffic (for the pool 'default'; other pools: what their section in the file leaves out)";
    private const string Observing = "Watching and steering";
    private const string Cluster = "Cluster";

    /// <summary>All flags that are also variables and keys of the file, in the order of the help.</summary>
    public static ImmutableArray<Flag> All { get; } =
    [
        new("gateway-id", Node, "name", "Name in logs, metrics and the cluster."),
        new("listen-addr", Node, "host:port", "Where requests come in; /health and /ready are answered here."),
        new("tls-addr", Node, "host:port", "Where requests come in over TLS: HTTP/2 and HTTP/1.1."),
        new("tls-cert", Node, "path", "Certificate for clients, with its chain (PEM); more of them, by server name, stand in the file."),
        new("tls-key", Node, "path", "Its private key (PEM)."),
        new("tls-key-password-file", Node, "path", "File with the password of that key, if it is encrypted."),
        new("httpcg-addr", Node, "host:port", "Where requests for httpcg URLs come in, also with these as their targets."),
        new("httpcg-tls", Node, "", "Serve --httpcg-addr over TLS, with the certificates of --tls-addr."),
        new("max-connections", Node, "n", "Requests proxied at once; over it 503 with Retry-After."),
        new("event-loop", Node, "name", "What the event loops wait on: auto, epoll or io_uring."),
        new("relay-endpoints", Traffic, "list", "http://host:port[;zone=a][;weight=2][;priority=0], comma-separated."),
        new("load-balancing", Traffic, "strategy", "How an endpoint is chosen: " + string.Join(", ", Core.Balancing.StrategyNames.All) + "."),
        new("health-check-interval-ms", Traffic, "ms", "Between two probes of an endpoint."),
        new("request-timeout-ms", Traffic, "ms", "Until the head of the final answer, retries included."),
        new("retry-attempts", Traffic, "n", "Further attempts after the first."),
        new("circuit-breaker-threshold", Traffic, "n", "Consecutive failures that trip an endpoint's breaker."),
        new("metrics-enabled", Observing, "", "Serve /metrics at the metrics address."),
        new("metrics-addr", Observing, "host:port", "Where /metrics is served."),
        new("admin-addr", Observing, "host:port", "Admin API and live page; what pbm talks to."),
        new("admin-token-file", Observing, "path", "File with the token that admin requests must bear; a must beyond loopback."),
        new("access-log", Observing, "to", "A line for each request: - (standard output), a path, syslog:/socket or syslog://host:port."),
        new("otlp-endpoint", Observing, "url", "Where spans of requests and attempts are sent: http://host:4318, an OTLP receiver."),
        new("otlp-metrics-endpoint", Observing, "url", "Where metrics are sent, besides being scraped: http://host:4318, an OTLP receiver."),
        new("log-level", Observing, "level", "trace, debug, info, warn or error."),
        new("zone", Cluster, "name", "Failure domain of this replica."),
        new("cluster-addr", Cluster, "host:port", "By which the other replicas reach this one; without it a cluster of one."),
        new("seed-nodes", Cluster, "list", "Cluster addresses to join through, comma-separated, the same on all."),
        new("cluster-tls-cert", Cluster, "path", "Certificate of this replica (PEM); with the next two, replicas talk over mutual TLS."),
        new("cluster-tls-key", Cluster, "path", "Its private key (PEM, not encrypted)."),
        new("cluster-tls-ca", Cluster, "path", "Authority that has signed the certificates of all replicas (PEM)."),
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
