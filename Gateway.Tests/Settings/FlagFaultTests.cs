namespace Gateway.Tests.Settings;

public sealed class FlagFaultTests
{
    private const string ListenAllowed = "; allowed: host:port, where host is an IP address, localhost or *";
    private const string Listen = "is not an address" + ListenAllowed;

    [Theory]
    [InlineData("--listen-addr foo", "--listen-addr: 'foo' " + Listen)]
    [InlineData("--listen-addr 127.0.0.1", "--listen-addr: '127.0.0.1' has no port" + ListenAllowed)]
    [InlineData("--listen-addr 127.0.0.1:70000", "--listen-addr: '127.0.0.1:70000' has a port above 65535" + ListenAllowed)]
    [InlineData("--listen-addr [::1]:70000", "--listen-addr: '[::1]:70000' has a port above 65535" + ListenAllowed)]
    [InlineData("--listen-addr ::1:80", "--listen-addr: '::1:80' is an IPv6 address without brackets" + ListenAllowed)]
    [InlineData("--listen-addr shop.example:80", "--listen-addr: 'shop.example:80' " + Listen)]
    [InlineData("--listen-addr 1:80", "--listen-addr: '1:80' " + Listen)]
    [InlineData("--admin-addr :80", "--admin-addr: ':80' has no host" + ListenAllowed)]
    [InlineData("--admin-addr 9110", "--admin-addr: '9110' has no host" + ListenAllowed)]
    [InlineData("--admin-addr http://127.0.0.1:9110", "--admin-addr: 'http://127.0.0.1:9110' must not have a scheme" + ListenAllowed)]
    [InlineData("--log-level inof", "--log-level: 'inof' is not a level; did you mean info?")]
    [InlineData("--metrics-addr x", "--metrics-addr: 'x' " + Listen)]
    [InlineData("--gateway-id a/b", "--gateway-id: 'a/b' is not a name; allowed: 1 to 128 letters, digits, dots, colons, dashes and underscores")]
    [InlineData("--zone a/b", "--zone: 'a/b' is not a name; allowed: 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData("--health-check-interval-ms 99", "--health-check-interval-ms: '99' is out of range; allowed: 100 to 3600000")]
    [InlineData("--health-check-interval-ms 5s", "--health-check-interval-ms: '5s' is not a whole number; allowed: 100 to 3600000")]
    [InlineData("--max-connections 0", "--max-connections: '0' is out of range; allowed: 1 to 1000000")]
    [InlineData("--max-connections 99999999999999999999", "--max-connections: '99999999999999999999' is not a whole number; allowed: 1 to 1000000")]
    [InlineData("--request-timeout-ms 0", "--request-timeout-ms: '0' is out of range; allowed: 1 to 3600000")]
    [InlineData("--retry-attempts -1", "--retry-attempts: '-1' is out of range; allowed: 0 to 10")]
    [InlineData("--retry-attempts 2.5", "--retry-attempts: '2.5' is not a whole number; allowed: 0 to 10")]
    [InlineData("--circuit-breaker-threshold 10001", "--circuit-breaker-threshold: '10001' is out of range; allowed: 1 to 10000")]
    [InlineData(
        "--load-balancing fastest",
        "--load-balancing: 'fastest' is not a strategy; allowed: round-robin, weighted, least-connections, p2c, random, ip-hash, health-based, peak-ewma, maglev")]
    [InlineData("--log-level loud", "--log-level: 'loud' is not a level; allowed: trace, debug, info, warn, error")]
    [InlineData("--metrics-enabled maybe", "--metrics-enabled: 'maybe' is not true or false; allowed: true, false")]
    [InlineData("--cluster-addr 0.0.0.0:1", "--cluster-addr: '0.0.0.0:1' is not an address; allowed: host:port at which other replicas can reach it")]
    [InlineData("--cluster-addr [::]:1", "--cluster-addr: '[::]:1' is not an address; allowed: host:port at which other replicas can reach it")]
    [InlineData("--cluster-addr a:1 --seed-nodes b", "--seed-nodes: 'b' is not an address; allowed: host:port at which other replicas can reach it")]
    [InlineData("--cluster-addr a:1 --seed-nodes b:0", "--seed-nodes: 'b:0' is not an address; allowed: host:port at which other replicas can reach it")]
    [InlineData("--seed-nodes b:1", "--seed-nodes: requires --cluster-addr")]
    [InlineData(
        "--cluster-tls-key a.key",
        "--cluster-tls-key: is set alone; set --cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca, or none of them")]
    [InlineData(
        "--cluster-tls-cert none.crt --cluster-tls-key a.key --cluster-tls-ca ca.crt",
        "--cluster-tls-cert: 'none.crt' does not exist; allowed: the path of a readable PEM file")]
    [InlineData(
        "--cluster-tls-cert a.crt --cluster-tls-key a.key --cluster-tls-ca empty.crt",
        "--cluster-tls-ca: 'empty.crt' contains no PEM certificate; allowed: the path of a readable PEM file")]
    [InlineData("--tls-addr 127.0.0.1:1", "--tls-addr: requires a certificate; set --tls-cert and --tls-key, or tls.certificates in the file")]
    [InlineData("--tls-cert a.crt --tls-key a.key", "--tls-cert: requires --tls-addr")]
    [InlineData("--tls-addr 127.0.0.1:1 --tls-cert a.crt", "--tls-cert: is set alone; set both --tls-cert and --tls-key, or neither")]
    [InlineData("--tls-addr 127.0.0.1:1 --tls-cert none.crt --tls-key a.key", "--tls-cert: 'none.crt' does not exist; allowed: the path of a readable PEM file")]
    [InlineData("--tls-addr 127.0.0.1:1 --tls-cert empty.crt --tls-key a.key", "--tls-cert: 'empty.crt' contains no PEM certificate; allowed: the path of a readable PEM file")]
    [InlineData(
        "--tls-addr 127.0.0.1:1 --tls-cert a.crt --tls-key locked.key",
        "--tls-key: 'locked.key' is encrypted and requires a password file; allowed: the path of a readable PEM file")]
    [InlineData(
        "--tls-addr 127.0.0.1:1 --tls-cert a.crt --tls-key a.key --tls-key-password-file password",
        "--tls-key-password-file: 'password' is not needed, since the key is not encrypted; allowed: the path of a readable file, only with an encrypted key")]
    [InlineData("--tls-addr 127.0.0.1:8080 --tls-cert a.crt --tls-key a.key", "--tls-addr: '127.0.0.1:8080' is already used by --listen-addr; choose another port")]
    [InlineData(
        "--sidecar-mode --tls-addr *:81 --tls-cert a.crt --tls-key a.key",
        "--tls-addr: '0.0.0.0:81' is not loopback; allowed with --sidecar-mode: 127.0.0.1, [::1] or localhost")]
    [InlineData(
        "--sidecar-mode --listen-addr *:80",
        "--listen-addr: '0.0.0.0:80' is not loopback; allowed with --sidecar-mode: 127.0.0.1, [::1] or localhost")]
    [InlineData("--admin-addr 127.0.0.1:8080", "--admin-addr: '127.0.0.1:8080' is already used by --listen-addr; choose another port")]
    [InlineData(
        "--metrics-enabled --metrics-addr *:9110",
        "--metrics-addr: '0.0.0.0:9110' is already used by --admin-addr; choose another port")]
    [InlineData(
        "--admin-addr *:9110",
        "--admin-addr: '0.0.0.0:9110' is not loopback; allowed without --admin-token-file: 127.0.0.1, [::1] or localhost")]
    [InlineData("--config other.json", "--config: 'other.json' does not exist; allowed: the path of a readable file")]
    [InlineData("--zone", "--zone: requires a value: --zone <value>")]
    [InlineData("--config", "--config: requires a value: --config <value>")]
    [InlineData("--zone a --zone b", "--zone: is given 2 times; allowed: once")]
    [InlineData("--lisen-addr *:80", "--lisen-addr: unknown flag; did you mean --listen-addr?")]
    [InlineData("--zone a -x", "-x: unknown flag; allowed: --help, --version, --gateway-id, --listen-addr, --tls-addr, --tls-cert, --tls-key, --tls-key-password-file, --httpcg-addr, --httpcg-tls, --max-connections, --event-loop, --relay-endpoints, --load-balancing, --health-check-interval-ms, --request-timeout-ms, --retry-attempts, --circuit-breaker-threshold, --metrics-enabled, --metrics-addr, --admin-addr, --admin-token-file, --access-log, --otlp-endpoint, --otlp-metrics-endpoint, --log-level, --zone, --cluster-addr, --seed-nodes, --cluster-tls-cert, --cluster-tls-key, --cluster-tls-ca, --sidecar-mode, --config, --check-config")]
    [InlineData("--zone a start", "'start': unexpected argument")]
    public async Task A_bad_flag_is_one_line_with_the_value_and_what_is_allowed(string flags, string line) =>
        Assert.Equal([line], await Given.Faults($"{Given.OneEndpoint} {flags}"));

    [Theory]
    [InlineData("http://b:1,,http://a:1", "the list has an empty item; allowed: http://host:port,http://host:port")]
    [InlineData("http://b:1,", "the list has an empty item; allowed: http://host:port,http://host:port")]
    [InlineData("127.0.0.1:8001", "'127.0.0.1:8001' has no scheme; allowed: http://host:port or https://host:port")]
    [InlineData("http://a:1;weight=1.5", "'http://a:1;weight=1.5' has an invalid weight; allowed: a whole number from 1 to 256")]
    [InlineData("foo", "'foo' has no scheme; allowed: http://host:port or https://host:port")]
    [InlineData("http://a:1/x", "'http://a:1/x' has more than scheme, host and port; allowed: http://host:port or https://host:port")]
    [InlineData("http://a:1,HTTP://A:1", "'HTTP://A:1' is the same endpoint as 'http://a:1'; allowed: each address once")]
    [InlineData("http://a,http://a:80", "'http://a:80' is the same endpoint as 'http://a'; allowed: each address once")]
    [InlineData("http://a:1;weight=0", "'http://a:1;weight=0' has a weight that is out of range; allowed: 1 to 256")]
    [InlineData("http://a:1;priority=16", "'http://a:1;priority=16' has a priority that is out of range; allowed: 0 to 15")]
    [InlineData("http://a:1;zone=", "'http://a:1;zone=' has an invalid zone; allowed: 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData("http://a:1;wieght=2", "'http://a:1;wieght=2' has the unknown parameter 'wieght'; did you mean weight?")]
    [InlineData("http://a:1;weight=2;weight=3", "'http://a:1;weight=2;weight=3' has weight twice; allowed: each of zone, weight, priority once")]
    public async Task A_bad_endpoint_is_named_with_what_is_wrong(string endpoints, string fault)
    {
        Assert.Equal(["--relay-endpoints: " + fault], await Given.Faults("--relay-endpoints " + endpoints));
        Assert.Equal(["GATEWAY_RELAY_ENDPOINTS: " + fault], await Given.Faults("", null, ("GATEWAY_RELAY_ENDPOINTS", endpoints)));
    }

    [Theory]
    [InlineData("GATEWAY_ZONE", "a b", "'a b' is not a name; allowed: 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData("GATEWAY_MAX_CONNECTIONS", "lots", "'lots' is not a whole number; allowed: 1 to 1000000")]
    [InlineData("GATEWAY_SIDECAR_MODE", "yes", "'yes' is not true or false; allowed: true, false")]
    [InlineData("GATEWAY_LISTEN_ADDR", "foo", "'foo' " + Listen)]
    [InlineData("GATEWAY_CONFIG", "other.json", "'other.json' does not exist; allowed: the path of a readable file")]
    public async Task A_bad_variable_is_called_by_its_name(string name, string value, string fault) =>
        Assert.Equal([$"{name}: {fault}"], await Given.Faults(Given.OneEndpoint, null, (name, value)));

    [Fact]
    public async Task Without_any_endpoint_the_fault_says_how_to_give_one() =>
        Assert.Equal(
            ["--relay-endpoints: no endpoint is configured; set http://host:port[,...] here or in GATEWAY_RELAY_ENDPOINTS, or configure pools in the file given with --config"],
            await Given.Faults(""));

    [Fact]
    public async Task A_misspelt_flag_taken_for_a_value_is_found() =>
        Assert.Equal(
            ["--zone: requires a value: --zone <value>", "--lisen-addr: unknown flag; did you mean --listen-addr?"],
            await Given.Faults($"--zone --lisen-addr *:80 {Given.OneEndpoint}"));

    [Fact]
    public async Task A_value_is_printed_on_one_line_and_not_without_end()
    {
        var line = Assert.Single(await Given.Faults(Given.OneEndpoint, null, ("GATEWAY_ZONE", "a\nb" + new string('x', 100))));

        Assert.StartsWith("GATEWAY_ZONE: 'a\\u000abx", line, StringComparison.Ordinal);
        Assert.Contains("x...' is not a name", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task All_faults_of_flags_variables_and_file_are_reported_at_once() =>
        Assert.Equal(
            [
                "--zones: unknown flag; did you mean --zone?",
                "--max-connections: '0' is out of range; allowed: 1 to 1000000",
                "GATEWAY_RETRY_ATTEMPTS: 'many' is not a whole number; allowed: 0 to 10",
                "gateway.json: pools.default.breaker.threshold: '0' is out of range; allowed: 1 to 10000",
                "gateway.json: pols: unknown key; did you mean pools?",
                "gateway.json: pools.default.endpoints[1].address: 'http://A:1' is the same endpoint as 'http://a:1'; allowed: each address once",
                "--listen-addr: 'foo' " + Listen,
                "gateway.json: routes[0].pool: 'web' is not a pool; allowed: default",
            ],
            await Given.Faults(
                "--listen-addr foo --max-connections 0 --zones a",
                """
                {
                  "pols": {},
                  "pools": { "default": { "endpoints": [ { "address": "http://a:1" }, { "address": "http://A:1" } ], "breaker": { "threshold": 0 } } },
                  "routes": [ { "name": "web", "pool": "web" } ]
                }
                """,
                ("GATEWAY_RETRY_ATTEMPTS", "many")));
}
