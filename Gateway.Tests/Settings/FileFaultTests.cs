using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Settings;

public sealed class FileFaultTests
{
    private const string AccessLogAllowed =
        "allowed: - (standard output), a path, syslog:/path of a socket, syslog://host:port, or in the file an object with 'to'";

    private const string NameAllowed = "allowed: 1 to 64 letters, digits, dots, dashes and underscores";

    [Theory]
    [InlineData("""{ "zone": 5 }""", "zone: '5' is not a name; " + NameAllowed)]
    [InlineData("""{ "maxConnections": "5" }""", "maxConnections: '5' must not be in quotes; allowed: 1 to 1000000")]
    [InlineData("""{ "maxConnections": 5.5 }""", "maxConnections: '5.5' is not a whole number; allowed: 1 to 1000000")]
    [InlineData("""{ "metricsEnabled": "true" }""", "metricsEnabled: 'true' must not be in quotes; allowed: true, false")]
    [InlineData("""{ "metricsEnabled": "yes" }""", "metricsEnabled: 'yes' is not true or false; allowed: true, false")]
    [InlineData("""{ "adminTokenFile": "" }""", "adminTokenFile: '' is empty; allowed: the path of a readable file")]
    [InlineData("""{ "logLevel": "inof" }""", "logLevel: 'inof' is not a level; did you mean info?")]
    [InlineData("""{ "listenAddr": "127.0.0.1:65536" }""", "listenAddr: '127.0.0.1:65536' has a port above 65535; allowed: host:port, where host is an IP address, localhost or *")]
    [InlineData("""{ "seedNodes": [ "a:1", "" ], "clusterAddr": "a:1" }""", "seedNodes[1]: '' is empty; allowed: host:port")]
    [InlineData("""{ "seedNodes": "a:1,,b:1", "clusterAddr": "a:1" }""", "seedNodes[1]: the list has an empty item; allowed: host:port,host:port")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificates": "maybe" } }""", "tls.clientCertificates: 'maybe' is not a choice; allowed: off, accept, require")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificates": "require" } }""", "tls.clientCertificates: 'require' requires tls.clientAuthorities, a PEM file with the authorities that sign client certificates")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificates": "off", "clientAuthorities": "ca.crt" } }""", "tls.clientAuthorities: requires clientCertificates accept or require")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificateChain": true } }""", "tls.clientCertificateChain: requires clientCertificates accept or require")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificates": "accept", "clientAuthorities": "none" } }""", "tls.clientAuthorities: 'none' does not exist; allowed: the path of a readable PEM file")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "clientCertificates": "accept", "clientAuthorities": "empty.crt" } }""", "tls.clientAuthorities: 'empty.crt' contains no certificate; allowed: the path of a readable PEM file with certificates")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "engine": "boringssl" } }""", "tls.engine: 'boringssl' is not an engine; allowed: auto, sslstream, openssl")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "httpEngine": "transport", "tls": { "engine": "openssl" } }""", "tls.engine: 'openssl' requires httpEngine auto or loops; httpEngine is 'transport'")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "redirectPort": 443 } }""", "tls.redirectPort: requires redirect true")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "redirect": true, "redirectPort": 0 } }""", "tls.redirectPort: '0' is out of range; allowed: 1 to 65535")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:0", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "redirect": true } }""", "tls.redirect: requires tls.redirectPort, since tlsAddr has port 0 (any free port)")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "hsts": { "maxAge": "1001d" } } }""", "tls.hsts.maxAge: '1001d' is out of range; allowed: 00:00:00 to 1000.00:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "tlsAddr": "127.0.0.1:1", "tlsCert": "a.crt", "tlsKey": "a.key", "tls": { "hsts": true } }""", "tls.hsts: 'true' is not an object; allowed: { maxAge, includeSubDomains }")]
    [InlineData("""{ "httpEngine": "epoll" }""", "httpEngine: 'epoll' is not an engine; allowed: auto, loops, transport, kestrel")]
    [InlineData("""{ "eventLoop": "iouring" }""", "eventLoop: 'iouring' is not an event loop; did you mean io_uring?")]
    [InlineData("""{ "eventLoop": "kqueue" }""", "eventLoop: 'kqueue' is not an event loop; allowed: auto, epoll, io_uring")]
    [InlineData("""{ "httpEngine": "transport", "eventLoop": "epoll" }""", "eventLoop: requires httpEngine auto or loops; httpEngine is 'transport'")]
    [InlineData("""{ "zone": null }""", "zone: 'null' is not a name; " + NameAllowed)]
    [InlineData("""{ "maxConnectons": 5 }""", "maxConnectons: unknown key; did you mean maxConnections?")]
    [InlineData("""{ "transport": "forwarder" }""", "transport: is no longer a key; remove it: requests go over HTTP/1.1 of the gateway's own, or over HTTP/2 to pools with \"protocol\": \"http2\"")]
    [InlineData("""{ "limits": { "x": 5 } }""", "limits.x: unknown key; allowed: maxRequestBodySize, minRequestBodyDataRate, minResponseDataRate, maxRequestHeadSize, maxRequestFields, maxConcurrentProbes, maxConnectionsPerClient")]
    [InlineData("""{ "limits": 5 }""", "limits: '5' is not an object; allowed: { maxRequestBodySize, minRequestBodyDataRate, minResponseDataRate, maxRequestHeadSize, maxRequestFields, maxConcurrentProbes, maxConnectionsPerClient }")]
    [InlineData("""{ "limits": { "maxRequestBodySize": -1 } }""", "limits.maxRequestBodySize: '-1' is out of range; allowed: 0 to 1125899906842624")]
    [InlineData("""{ "drain": { "delay": "10 s" } }""", "drain.delay: '10 s' is not a duration; allowed: 00:00:00 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "drain": { "delay": "00:61:00" } }""", "drain.delay: '00:61:00' has more than 59 minutes; allowed: 00:00:00 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "drain": { "delay": "99:00:00" } }""", "drain.delay: '99:00:00' has more than 23 hours; write days in front, as in 4.03:00:00; allowed: 00:00:00 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "drain": { "delay": "2h" } }""", "drain.delay: '2h' is out of range; allowed: 00:00:00 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "drain": { "timeout": "01:00:01" } }""", "drain.timeout: '01:00:01' is out of range; allowed: 00:00:00 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "trustedProxies": [ "10.0.0.0/8", "foo" ] }""", "trustedProxies[1]: 'foo' is not a network; allowed: an IP address or address/prefix")]
    [InlineData("""{ "requestId": { "enabled": false, "echo": true } }""", "requestId.echo: 'true' requires requestId.enabled, which is false")]
    [InlineData("""{ "otlpEndpoint": "localhost:4318" }""", "otlpEndpoint: 'localhost:4318' is not the address of an OTLP receiver; allowed: http://host:port or https://host:port, with or without a path")]
    [InlineData("""{ "otlpMetricsEndpoint": "localhost:4318" }""", "otlpMetricsEndpoint: 'localhost:4318' is not the address of an OTLP receiver; allowed: http://host:port or https://host:port, with or without a path")]
    [InlineData("""{ "otlpMetricsEndpoint": "http://o:4317/v1", "otlpMetrics": { "protocol": "grpc" } }""", "otlpMetricsEndpoint: 'http://o:4317/v1' has a path, which gRPC does not use; allowed with otlpMetrics.protocol grpc: http://host:port or https://host:port")]
    [InlineData("""{ "otlpMetrics": { "interval": "10s" } }""", "otlpMetrics: requires otlpMetricsEndpoint or --otlp-metrics-endpoint; allowed: http://host:port")]
    [InlineData("""{ "tracing": { "sample": 0.5 } }""", "tracing: requires otlpEndpoint or --otlp-endpoint; allowed: http://host:port")]
    [InlineData("""{ "otlpEndpoint": "http://o:1", "tracing": { "protocol": "http2" } }""", "tracing.protocol: 'http2' is not a protocol; did you mean http?")]
    [InlineData("""{ "accessLog": 5 }""", "accessLog: '5' is not an access log; " + AccessLogAllowed)]
    [InlineData("""{ "accessLog": "" }""", "accessLog: '' is not an access log; " + AccessLogAllowed)]
    [InlineData("""{ "accessLog": { "format": "combined" } }""", "accessLog: has no destination; set accessLog.to or --access-log: -, a path, syslog:/path of a socket, or syslog://host:port")]
    [InlineData("""{ "accessLog": "syslog:host" }""", "accessLog.to: 'syslog:host' is not the address of a syslog server; allowed: syslog:/path of a socket, or syslog://host:port")]
    [InlineData("""{ "accessLog": { "to": "-", "format": "xml" } }""", "accessLog.format: 'xml' is not a format; allowed: json, combined")]
    [InlineData("""{ "accessLog": { "to": "-", "sample": 1.5 } }""", "accessLog.sample: '1.5' is out of range; allowed: 0 to 1")]
    [InlineData("""{ "accessLog": { "to": "-", "maxSize": 100 } }""", "accessLog.maxSize: '100' is too small; allowed: 0 (never), or 65536 or more")]
    [InlineData("""{ "accessLog": { "to": "-", "fields": [ "a b" ] } }""", "accessLog.fields[0]: 'a b' is not a field name; allowed: a name of 1 to 64 letters, digits and dashes")]
    [InlineData("""{ "accessLog": { "to": "-", "feilds": [] } }""", "accessLog.feilds: unknown key; did you mean fields?")]
    [InlineData("""{ "clients": { "allow": [ "10.0.0.0/8", "10.0.0.0/33" ] } }""", "clients.allow[1]: '10.0.0.0/33' is not a network; allowed: an IP address or address/prefix")]
    [InlineData("""{ "clients": { "allow": [] } }""", "clients.allow: is empty; list at least one network, or leave allow out to serve everyone")]
    [InlineData("""{ "clients": { "denny": [] } }""", "clients.denny: unknown key; did you mean deny?")]
    [InlineData("""{ "routes": [ { "name": "a", "clients": { "deny": [ "x" ] } } ] }""", "routes[0].clients.deny[0]: 'x' is not a network; allowed: an IP address or address/prefix")]
    [InlineData("""{ "hosts": [ "a.example:80" ] }""", "hosts[0]: 'a.example:80' is not a host; allowed: a host without port, or *.domain for its subdomains")]
    [InlineData("""{ "limits": { "maxConnectionsPerClient": -1 } }""", "limits.maxConnectionsPerClient: '-1' is out of range; allowed: 0 to 1000000")]
    [InlineData("""{ "proxyProtocol": "require" }""", "proxyProtocol: 'require' requires trustedProxies, the addresses that send the headers")]
    [InlineData("""{ "proxyProtocol": "v2", "trustedProxies": [ "10.0.0.1" ] }""", "proxyProtocol: 'v2' is not a mode; allowed: off, accept, require")]
    [InlineData("""{ "rateLimit": {} }""", "rateLimit.requests: is missing; allowed: 0 to 1000000")]
    [InlineData("""{ "rateLimit": { "requests": -1 } }""", "rateLimit.requests: '-1' is out of range; allowed: 0 to 1000000")]
    [InlineData("""{ "rateLimit": { "requests": 1, "per": "10ms" } }""", "rateLimit.per: '10ms' is out of range; allowed: 00:00:01 to 1.00:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData("""{ "rateLimit": { "requests": 1, "by": "certificate" } }""", "rateLimit.by: 'certificate' requires tls.clientCertificates accept or require; allowed otherwise: client, route, header:name")]
    [InlineData("""{ "routes": [ { "name": "a", "rateLimit": { "requests": 1, "by": "certificate" } } ] }""", "routes[0].rateLimit.by: 'certificate' requires tls.clientCertificates accept or require; allowed otherwise: client, route, header:name")]
    [InlineData("""{ "rateLimit": { "requests": 1, "by": "cookie" } }""", "rateLimit.by: 'cookie' is not a key; allowed: client, certificate, route, or header:name")]
    [InlineData("""{ "rateLimit": { "requests": 1, "by": "header:" } }""", "rateLimit.by: 'header:' is not a key; allowed: client, certificate, route, or header:name")]
    [InlineData("""{ "rateLimit": { "requests": 1, "per": "1d", "burst": 8 } }""", "rateLimit.burst: '8' takes 8 days to refill at this rate; allowed: a burst that refills within 7 days")]
    [InlineData("""{ "routes": [ { "name": "a", "rateLimit": { "requests": 1, "per": "1d", "burst": 9 } } ] }""", "routes[0].rateLimit.burst: '9' takes 9 days to refill at this rate; allowed: a burst that refills within 7 days")]
    [InlineData("""{ "routes": [ { "name": "a", "rateLimit": { "requests": 1, "ipv6Prefix": 129 } } ] }""", "routes[0].rateLimit.ipv6Prefix: '129' is out of range; allowed: 32 to 128")]
    [InlineData("""{ "trustedProxies": "10.0.0.0/8" }""", "trustedProxies: '10.0.0.0/8' is not a list; allowed: [ ... ]")]
    [InlineData("""{ "seedNodes": 5 }""", "seedNodes: '5' is not a list of addresses; allowed: host:port, comma-separated or as a list")]
    [InlineData("""{ "pools": { "a b": {} } }""", "pools['a b']: is not a pool name; " + NameAllowed)]
    [InlineData("""{ "routes": {} }""", "routes: '{}' is not a list; allowed: [ ... ]")]
    [InlineData("""{ "routes": [ { "pool": "default" } ] }""", "routes[0].name: is missing; " + NameAllowed)]
    [InlineData("""{ "routes": [ { "name": "a", "pool": "api" } ] }""", "routes[0].pool: 'api' is not a pool; allowed: default")]
    [InlineData("""{ "routes": [ { "name": "a", "pool": "defualt" } ] }""", "routes[0].pool: 'defualt' is not a pool; did you mean default?")]
    [InlineData("""{ "routes": [ { "name": "a" }, { "name": "a", "hosts": [ "b" ] } ] }""", "routes[1].name: 'a' is already the name of routes[0]; allowed: each name once")]
    [InlineData("""{ "routes": [ { "name": "a", "hosts": [ "b:80" ] } ] }""", "routes[0].hosts[0]: 'b:80' is not a host; allowed: a host without port, or *.domain for its subdomains")]
    [InlineData("""{ "routes": [ { "name": "a", "pathPrefix": "api" } ] }""", "routes[0].pathPrefix: 'api' is not a path; allowed: a path beginning with /, without spaces, ?, # and \\")]
    [InlineData("""{ "routes": [ { "name": "a", "pathPrefix": "/a/%2E./b" } ] }""", "routes[0].pathPrefix: '/a/%2E./b' has a dot segment, so no request can match it; allowed: a path without . and .. segments")]
    [InlineData("""{ "routes": [ { "name": "a", "methods": [ "get" ] } ] }""", "routes[0].methods[0]: 'get' is not a method; allowed: upper-case letters, as in GET")]
    [InlineData("""{ "routes": [ { "name": "a", "headers": [ { "value": "1" } ] } ] }""", "routes[0].headers[0].name: is missing; allowed: letters, digits and dashes")]
    public async Task A_bad_value_is_one_line_with_its_place_and_what_is_allowed(string file, string line) =>
        Assert.Equal(["gateway.json: " + line], await Given.Faults(Given.OneEndpoint, file));

    [Theory]
    [InlineData(""" "retry": { "attempts": "many" } """, "retry.attempts: 'many' is not a whole number; allowed: 0 to 10")]
    [InlineData(""" "retry": { "statuses": [ 404 ] } """, "retry.statuses[0]: '404' is out of range; allowed: 500 to 599")]
    [InlineData(""" "retry": { "grpcStatuses": [ "busy" ] } """, "retry.grpcStatuses[0]: 'busy' is not a gRPC status; allowed: cancelled, unknown, invalid-argument, deadline-exceeded, not-found, already-exists, permission-denied, resource-exhausted, failed-precondition, aborted, out-of-range, unimplemented, internal, unavailable, data-loss, unauthenticated")]
    [InlineData(""" "breaker": { "grpcFailureStatuses": [ 14 ] } """, "breaker.grpcFailureStatuses[0]: '14' is not a gRPC status; allowed: cancelled, unknown, invalid-argument, deadline-exceeded, not-found, already-exists, permission-denied, resource-exhausted, failed-precondition, aborted, out-of-range, unimplemented, internal, unavailable, data-loss, unauthenticated")]
    [InlineData(""" "retry": { "statuses": [ 502, 502 ] } """, "retry.statuses: '[502,502]' is not a list of different statuses; allowed: each status once")]
    [InlineData(""" "strategy": "fastest" """, "strategy: 'fastest' is not a strategy; allowed: round-robin, weighted, least-connections, p2c, random, ip-hash, health-based, peak-ewma, maglev")]
    [InlineData(""" "strategy": "round-robbin" """, "strategy: 'round-robbin' is not a strategy; did you mean round-robin?")]
    [InlineData(""" "health": { "interval": "5 min", "fastInterval": "10s" } """, "health.interval: '5 min' is not a duration; allowed: 00:00:00.1 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData(""" "breaker": { "break": "1:00", "maxBreak": "5s" } """, "breaker.break: '1:00' is not a duration; allowed: 00:00:00.1 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData(""" "host": "preserv" """, """host: 'preserv' is not a choice of Host field; allowed: preserve, endpoint or { "value": "host[:port]" }""")]
    [InlineData(""" "health": { "interval": "00:00:00.05" } """, "health.interval: '00:00:00.05' is out of range; allowed: 00:00:00.1 to 01:00:00, as hh:mm:ss or 500ms, 5s, 2m, 1h")]
    [InlineData(""" "health": { "interval": "00:00:05", "fastInterval": "00:00:06" } """, "health.fastInterval: '00:00:06' is longer than the interval; allowed: up to 00:00:05")]
    [InlineData(""" "health": { "kind": "icmp" } """, "health.kind: 'icmp' is not a kind of probe; allowed: http, tcp, grpc, none")]
    [InlineData(""" "health": { "path": "health" } """, "health.path: 'health' is not a path; allowed: a path beginning with /, without spaces and #")]
    [InlineData(""" "health": { "expectedStatus": "2xx" } """, "health.expectedStatus: '2xx' is not a status or a range of them; allowed: 100 to 599, or from-to as in 200-299")]
    [InlineData(""" "health": { "expectedStatus": 99 } """, "health.expectedStatus: '99' is not a status or a range of them; allowed: 100 to 599, or from-to as in 200-299")]
    [InlineData(""" "health": { "expectedStatus": "299-200" } """, "health.expectedStatus: '299-200' is in the wrong order; allowed: from-to with from <= to, as in 200-299")]
    [InlineData(""" "hashBalanceFactor": 100 """, "hashBalanceFactor: '100' leaves no room above the average; allowed: 0 (off), or 101 to 65535")]
    [InlineData(""" "outliers": { "baseEjection": "00:01:00", "maxEjection": "00:00:10" } """, "outliers.maxEjection: '00:00:10' is shorter than baseEjection; allowed: 00:01:00 or more")]
    [InlineData(""" "breaker": { "break": "00:01:00", "maxBreak": "00:00:10" } """, "breaker.maxBreak: '00:00:10' is shorter than break; allowed: 00:01:00 or more")]
    [InlineData(""" "breaker": { "failureRate": {} } """, "breaker.failureRate.percent: is missing; allowed: more than 0, up to 100")]
    [InlineData(""" "slowStart": { "aggression": 0 } """, "slowStart.aggression: '0' is out of range; allowed: more than 0, up to 10")]
    [InlineData(""" "adaptiveConcurrency": { "min": 50, "max": 20 } """, "adaptiveConcurrency.max: '20' is less than min; allowed: 50 or more")]
    [InlineData(""" "adaptiveConcurrency": { "tolerance": 1 } """, "adaptiveConcurrency.tolerance: '1' is out of range; allowed: more than 1, up to 10")]
    [InlineData(""" "panicThreshold": 101 """, "panicThreshold: '101' is out of range; allowed: 0 to 100")]
    public async Task A_bad_value_of_a_pool_is_one_line_with_its_place(string section, string line) =>
        Assert.Equal("gateway.json: pools.default." + line, await Given.FaultOfPool(section));

    [Theory]
    [InlineData("""{ "weight": 3 }""", "[0].address: is missing; allowed: http://host:port or https://host:port")]
    [InlineData("7", "[0]: '7' is not an object; allowed: { address, weight, zone, priority, maxConcurrency }")]
    [InlineData("""{ "address": "ftp://a" }""", "[0].address: 'ftp://a' has the scheme 'ftp'; allowed: http://host:port or https://host:port")]
    [InlineData("""{ "address": "a:1" }""", "[0].address: 'a:1' has no scheme; allowed: http://host:port or https://host:port")]
    [InlineData("""{ "address": "http://a:65536" }""", "[0].address: 'http://a:65536' has a port above 65535; allowed: http://host:port or https://host:port")]
    [InlineData("""{ "address": "http://a:1", "weight": 1.5 }""", "[0].weight: '1.5' is not a whole number; allowed: 1 to 256")]
    [InlineData("""{ "address": "http://a:1", "weight": "2" }""", "[0].weight: '2' must not be in quotes; allowed: 1 to 256")]
    [InlineData("""{ "address": "http://a:1", "weight": 257 }""", "[0].weight: '257' is out of range; allowed: 1 to 256")]
    [InlineData("""{ "address": "http://a:1" }, { "address": "http://A:1/" }""", "[1].address: 'http://A:1/' is the same endpoint as 'http://a:1'; allowed: each address once")]
    public async Task A_bad_endpoint_is_one_line_with_its_place(string endpoints, string line) =>
        Assert.Equal(
            ["gateway.json: pools.default.endpoints" + line],
            await Given.Faults("", """{ "pools": { "default": { "endpoints": [ """ + endpoints + " ] } } }"));

    [Theory]
    [InlineData("{\n  \"zone\" \"a\" }", "line 2, column 10: '\"' is invalid after a property name. Expected a ':'")]
    [InlineData("{ \"zone\": \"a\",, }", "line 1, column 15: ',' is an invalid start of a property name. Expected a '\"'")]
    [InlineData("{\n  \"zone\": \"a\",\n  \"zöne\": 1, \"zone\": \"b\"\n}", "line 3, column 14: 'zone' is set twice in the same object")]
    [InlineData("{ \"limits\": { \"maxRequestHeadSize\": 2048, \"maxRequestHeadSize\": 4096 } }", "line 1, column 43: 'maxRequestHeadSize' is set twice in the same object")]
    public async Task Invalid_JSON_is_one_line_with_line_and_column(string file, string fault) =>
        Assert.Equal(
            [$"gateway.json: {fault}; allowed: JSON with comments and trailing commas, each key once"],
            await Given.Faults("", file));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task An_empty_file_is_reported_as_empty(string file) =>
        Assert.Equal(["gateway.json: is empty; allowed: { ... }"], await Given.Faults("", file));

    [Fact]
    public async Task Comments_and_trailing_commas_may_stand_in_the_file() => Assert.Equal("a", (await Given.Loaded(
        Given.OneEndpoint,
        """
        // Ours.
        { "zone": "a", /* here */ "trustedProxies": [ "10.0.0.0/8", ], }
        """)).Zone);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("00:00:02.5", 2_500)]
    public async Task Durations_may_have_units(string text, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds),
        (await Given.Loaded(Given.OneEndpoint, $$"""{ "drain": { "delay": "{{text}}" } }""")).Drain.Delay);

    [Theory]
    [InlineData("--relay-endpoint http://a:1", null, "--relay-endpoint: unknown flag; did you mean --relay-endpoints?")]
    [InlineData("", """{ "pool": { "default": {} } }""", "gateway.json: pool: unknown key; did you mean pools?")]
    [InlineData("--relay-endpoints http://a:1 --cluster-adr a:1 --seed-nodes b:1", null, "--cluster-adr: unknown flag; did you mean --cluster-addr?")]
    [InlineData("--relay-endpoints http://a:1 --listen-addr 127.0.0.1:x --admin-addr 127.0.0.1:8080", null, "--listen-addr: '127.0.0.1:x' is not an address; allowed: host:port, where host is an IP address, localhost or *")]
    public async Task Faults_that_only_follow_from_another_are_not_reported(string flags, string? file, string line) =>
        Assert.Equal([line], await Given.Faults(flags, file));

    [Fact]
    public async Task A_file_must_be_an_object() =>
        Assert.Equal(["gateway.json: '[1]' is not an object; allowed: { ... }"], await Given.Faults("", "[1]"));

    [Fact]
    public async Task A_file_that_may_not_be_read_is_one_line_with_its_path()
    {
        var source = Given.Source("", "{}") with { ReadFile = (_, _) => throw new UnauthorizedAccessException() };
        var faulty = Assert.IsType<SettingsResult.Faulty>(await SettingsLoader.LoadAsync(source));

        Assert.Equal(
            ["gateway: --config: 'gateway.json' cannot be read: permission denied; allowed: the path of a readable file"],
            faulty.Faults.AsEnumerable());
    }

    [Fact]
    public async Task Endpoints_of_the_pool_default_may_stand_in_the_file_only_once() =>
        Assert.Equal(
            ["gateway.json: relayEndpoints: conflicts with pools.default.endpoints; set only one of them"],
            await Given.Faults("", """{ "relayEndpoints": "http://a:1", "pools": { "default": { "endpoints": [ { "address": "http://b:1" } ] } } }"""));

    [Fact]
    public async Task Without_routes_there_must_be_a_pool_default() =>
        Assert.Equal(
            ["gateway.json: routes: is missing, and there is no pool 'default' to receive all requests; add routes to api, or a pool 'default'"],
            await Given.Faults("", """{ "pools": { "api": { "endpoints": [ { "address": "http://b:1" } ] } } }"""));

    [Fact]
    public async Task Pools_without_a_route_are_warnings()
    {
        var result = await Given.Load(
            Given.OneEndpoint,
            """
            {
              "pools": { "api": { "endpoints": [ { "address": "http://b:1" } ] } },
              "routes": [ { "name": "a", "hosts": [ "x", "y" ] }, { "name": "b", "hosts": [ "z" ] } ]
            }
            """);

        Assert.IsType<SettingsResult.Loaded>(result);
        Assert.Equal(
            [
                "gateway: warning: gateway.json: pools.api: no route uses this pool",
            ],
            result.Warnings.AsEnumerable());
    }
}
