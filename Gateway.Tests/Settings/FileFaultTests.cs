using Gateway.Node.Settings;

namespace Gateway.Tests.Settings;

public sealed class FileFaultTests
{
    private const string NameAllowed = "allowed: 1 to 64 letters, digits, dots, dashes and underscores";

    [Theory]
    [InlineData("""{ "zone": 5 }""", "zone: '5' is not a name; " + NameAllowed)]
    [InlineData("""{ "maxConnections": "5" }""", "maxConnections: '5' is not a whole number; allowed: 1 to 1000000")]
    [InlineData("""{ "metricsEnabled": "true" }""", "metricsEnabled: 'true' is not true or false; allowed: true, false")]
    [InlineData("""{ "zone": null }""", "zone: 'null' is not a name; " + NameAllowed)]
    [InlineData("""{ "maxConnectons": 5 }""", "maxConnectons: is not a key; did you mean maxConnections?")]
    [InlineData("""{ "transport": "forwarder" }""", "transport: is not a key any more; remove it: requests go over HTTP/1.1 of the gateway's own, or over HTTP/2 to pools with \"protocol\": \"http2\"")]
    [InlineData("""{ "limits": { "x": 5 } }""", "limits.x: is not a key; allowed: maxRequestBodySize, minRequestBodyDataRate, minResponseDataRate, maxRequestHeadSize, maxConcurrentProbes")]
    [InlineData("""{ "limits": 5 }""", "limits: '5' is not an object; allowed: { maxRequestBodySize, minRequestBodyDataRate, minResponseDataRate, maxRequestHeadSize, maxConcurrentProbes }")]
    [InlineData("""{ "limits": { "maxRequestBodySize": -1 } }""", "limits.maxRequestBodySize: '-1' is out of range; allowed: 0 to 1125899906842624")]
    [InlineData("""{ "drain": { "delay": "10s" } }""", "drain.delay: '10s' is not a duration; allowed: 00:00:00 to 01:00:00, as hh:mm:ss")]
    [InlineData("""{ "drain": { "delay": "00:61:00" } }""", "drain.delay: '00:61:00' is not a duration; allowed: 00:00:00 to 01:00:00, as hh:mm:ss")]
    [InlineData("""{ "drain": { "timeout": "01:00:01" } }""", "drain.timeout: '01:00:01' is out of range; allowed: 00:00:00 to 01:00:00, as hh:mm:ss")]
    [InlineData("""{ "trustedProxies": [ "10.0.0.0/8", "foo" ] }""", "trustedProxies[1]: 'foo' is not a network; allowed: address/prefix, or an address")]
    [InlineData("""{ "trustedProxies": "10.0.0.0/8" }""", "trustedProxies: '10.0.0.0/8' is not a list; allowed: [ ... ]")]
    [InlineData("""{ "seedNodes": 5 }""", "seedNodes: '5' is not a list of addresses; allowed: host:port, comma-separated or as a list")]
    [InlineData("""{ "pools": { "a b": {} } }""", "pools['a b']: is not a pool name; " + NameAllowed)]
    [InlineData("""{ "routes": {} }""", "routes: '{}' is not a list; allowed: [ ... ]")]
    [InlineData("""{ "routes": [ { "pool": "default" } ] }""", "routes[0].name: is missing; " + NameAllowed)]
    [InlineData("""{ "routes": [ { "name": "a", "pool": "api" } ] }""", "routes[0].pool: 'api' is not a pool; allowed: default")]
    [InlineData("""{ "routes": [ { "name": "a" }, { "name": "a", "hosts": [ "b" ] } ] }""", "routes[1].name: 'a' is the name of routes[0] too; allowed: each name once")]
    [InlineData("""{ "routes": [ { "name": "a", "hosts": [ "b:80" ] } ] }""", "routes[0].hosts[0]: 'b:80' is not a host; allowed: a host without port, or *.domain for all below it")]
    [InlineData("""{ "routes": [ { "name": "a", "pathPrefix": "api" } ] }""", "routes[0].pathPrefix: 'api' is not a path; allowed: / and what follows, without spaces, ?, # and \\")]
    [InlineData("""{ "routes": [ { "name": "a", "pathPrefix": "/a/%2E./b" } ] }""", "routes[0].pathPrefix: '/a/%2E./b' has a dot segment, which no request has; allowed: a path without . and .. segments")]
    [InlineData("""{ "routes": [ { "name": "a", "methods": [ "get" ] } ] }""", "routes[0].methods[0]: 'get' is not a method; allowed: upper-case letters, as in GET")]
    [InlineData("""{ "routes": [ { "name": "a", "headers": [ { "value": "1" } ] } ] }""", "routes[0].headers[0].name: is missing; allowed: letters, digits and dashes")]
    public async Task A_bad_value_is_one_line_with_its_place_and_what_is_allowed(string file, string line) =>
        Assert.Equal(["gateway.json: " + line], await Given.Faults(Given.OneEndpoint, file));

    [Theory]
    [InlineData(""" "retry": { "attempts": "many" } """, "retry.attempts: 'many' is not a whole number; allowed: 0 to 10")]
    [InlineData(""" "retry": { "statuses": [ 404 ] } """, "retry.statuses[0]: '404' is out of range; allowed: 500 to 599")]
    [InlineData(""" "retry": { "statuses": [ 502, 502 ] } """, "retry.statuses: '[502,502]' is not a list of different statuses; allowed: each status once")]
    [InlineData(""" "strategy": "fastest" """, "strategy: 'fastest' is not a strategy; allowed: round-robin, weighted, least-connections, p2c, random, ip-hash, health-based, peak-ewma, maglev")]
    [InlineData(""" "host": "preserv" """, """host: 'preserv' is not a choice of Host field; allowed: preserve, endpoint or { "value": "host[:port]" }""")]
    [InlineData(""" "health": { "interval": "00:00:00.05" } """, "health.interval: '00:00:00.05' is out of range; allowed: 00:00:00.1 to 01:00:00, as hh:mm:ss")]
    [InlineData(""" "health": { "interval": "00:00:05", "fastInterval": "00:00:06" } """, "health.fastInterval: '00:00:06' is longer than the interval; allowed: up to 00:00:05")]
    [InlineData(""" "health": { "kind": "icmp" } """, "health.kind: 'icmp' is not a kind of probe; allowed: http, tcp, grpc, none")]
    [InlineData(""" "health": { "path": "health" } """, "health.path: 'health' is not a path; allowed: / and what follows, without spaces and #")]
    [InlineData(""" "health": { "expectedStatus": "2xx" } """, "health.expectedStatus: '2xx' is not a status or a range of them; allowed: 100 to 599, or from-to as in 200-299")]
    [InlineData(""" "health": { "expectedStatus": 99 } """, "health.expectedStatus: '99' is not a status or a range of them; allowed: 100 to 599, or from-to as in 200-299")]
    [InlineData(""" "health": { "expectedStatus": "299-200" } """, "health.expectedStatus: '299-200' ends before it begins; allowed: from-to as in 200-299")]
    [InlineData(""" "breaker": { "break": "00:01:00", "maxBreak": "00:00:10" } """, "breaker.maxBreak: '00:00:10' is shorter than break; allowed: 00:01:00 or more")]
    [InlineData(""" "breaker": { "failureRate": {} } """, "breaker.failureRate.percent: is missing; allowed: more than 0, up to 100")]
    [InlineData(""" "slowStart": { "aggression": 0 } """, "slowStart.aggression: '0' is out of range; allowed: more than 0, up to 10")]
    [InlineData(""" "panicThreshold": 101 """, "panicThreshold: '101' is out of range; allowed: 0 to 100")]
    public async Task A_bad_value_of_a_pool_is_one_line_with_its_place(string section, string line) =>
        Assert.Equal("gateway.json: pools.default." + line, await Given.FaultOfPool(section));

    [Theory]
    [InlineData("""{ "weight": 3 }""", "[0].address: is missing; allowed: http://host:port or https://host:port")]
    [InlineData("7", "[0]: '7' is not an object; allowed: { address, weight, zone, priority, maxConcurrency }")]
    [InlineData("""{ "address": "ftp://a" }""", "[0].address: 'ftp://a' is not an absolute URI; allowed: http://host:port or https://host:port")]
    [InlineData("""{ "address": "http://a:1", "weight": 257 }""", "[0].weight: '257' is out of range; allowed: 1 to 256")]
    [InlineData("""{ "address": "http://a:1" }, { "address": "http://A:1/" }""", "[1].address: 'http://A:1/' is the same endpoint as 'http://a:1'; allowed: each address once")]
    public async Task A_bad_endpoint_is_one_line_with_its_place(string endpoints, string line) =>
        Assert.Equal(
            ["gateway.json: pools.default.endpoints" + line],
            await Given.Faults("", """{ "pools": { "default": { "endpoints": [ """ + endpoints + " ] } } }"));

    [Theory]
    [InlineData("", "line 1, column 1: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true")]
    [InlineData("{\n  \"zone\" \"a\" }", "line 2, column 10: '\"' is invalid after a property name. Expected a ':'")]
    [InlineData("{ \"zone\": \"a\", }", "line 1, column 16: The JSON object contains a trailing comma at the end which is not supported in this mode")]
    public async Task What_is_no_JSON_is_one_line_with_line_and_column(string file, string fault) =>
        Assert.Equal(
            [$"gateway.json: {fault}; allowed: JSON without comments and trailing commas, each key once"],
            await Given.Faults("", file));

    [Fact]
    public async Task A_key_given_twice_is_a_fault() =>
        Assert.StartsWith(
            "gateway.json: ",
            Assert.Single(await Given.Faults(Given.OneEndpoint, """{ "zone": "a", "zone": "b" }""")),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_file_must_be_an_object() =>
        Assert.Equal(["gateway.json: '[1]' is not an object; allowed: { ... }"], await Given.Faults("", "[1]"));

    [Fact]
    public async Task A_file_that_may_not_be_read_is_one_line_with_its_path()
    {
        var source = Given.Source("", "{}") with { ReadFile = (_, _) => throw new UnauthorizedAccessException() };
        var faulty = Assert.IsType<SettingsResult.Faulty>(await SettingsLoader.LoadAsync(source));

        Assert.Equal(
            ["gateway: --config: 'gateway.json' must not be read by this user, or is a directory; allowed: the path of a readable file"],
            faulty.Faults.AsEnumerable());
    }

    [Fact]
    public async Task Endpoints_of_the_pool_default_may_stand_in_the_file_only_once() =>
        Assert.Equal(
            ["gateway.json: relayEndpoints: is given next to pools.default.endpoints; allowed: one of the two"],
            await Given.Faults("", """{ "relayEndpoints": "http://a:1", "pools": { "default": { "endpoints": [ { "address": "http://b:1" } ] } } }"""));

    [Fact]
    public async Task Without_routes_there_must_be_a_pool_default() =>
        Assert.Equal(
            ["gateway.json: routes: is missing, and there is no pool 'default' for everything to go to; allowed: routes to api, or a pool 'default'"],
            await Given.Faults("", """{ "pools": { "api": { "endpoints": [ { "address": "http://b:1" } ] } } }"""));

    [Fact]
    public async Task Routes_that_get_no_request_and_pools_without_a_route_are_warnings()
    {
        var result = await Given.Load(
            Given.OneEndpoint,
            """
            {
              "pools": { "api": { "endpoints": [ { "address": "http://b:1" } ] } },
              "routes": [ { "name": "a", "hosts": [ "x", "y" ] }, { "name": "b", "hosts": [ "Y", "X" ], "pathPrefix": "/" } ]
            }
            """);

        Assert.IsType<SettingsResult.Loaded>(result);
        Assert.Equal(
            [
                "gateway: warning: gateway.json: routes[1]: gets no request, since routes[0] has the same conditions",
                "gateway: warning: gateway.json: pools.api: no route leads to it",
            ],
            result.Warnings.AsEnumerable());
    }
}
