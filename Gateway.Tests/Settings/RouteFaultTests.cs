namespace Gateway.Tests.Settings;

/// <summary>Invalid routes.</summary>
public sealed class RouteFaultTests
{
    private const string Differ = "; allowed: routes that differ in plane, host, path, methods, headers or query";

    [Theory]
    [InlineData(""" { "name": "a" }, { "name": "b" } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /*")]
    [InlineData(""" { "name": "a", "hosts": [ "x", "y" ] }, { "name": "b", "hosts": [ "Y" ], "pathPrefix": "/" } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for y/*")]
    [InlineData(""" { "name": "a", "pathPrefix": "/api" }, { "name": "b", "pathPrefix": "/%61pi/" } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /api/*")]
    [InlineData(""" { "name": "a", "path": "/u/{id}" }, { "name": "b", "path": "/u/{name}" } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /u/{id}")]
    [InlineData(""" { "name": "a", "methods": [ "GET", "PUT" ] }, { "name": "b", "methods": [ "POST", "GET" ] } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /* by GET")]
    [InlineData(""" { "name": "a", "headers": [ { "name": "X" } ] }, { "name": "b", "headers": [ { "name": "x" } ] } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /*")]
    [InlineData(""" { "name": "a", "query": [ { "name": "p" }, { "name": "q", "value": "1" } ] }, { "name": "b", "query": [ { "name": "q", "value": "1" }, { "name": "p" } ] } """, "routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /*")]
    public async Task Two_routes_that_cannot_be_told_apart_are_one_line_that_names_both(string routes, string line) =>
        Assert.Equal(["gateway.json: " + line + Differ], await Given.Faults(Given.OneEndpoint, Routes(routes)));

    [Theory]
    [InlineData(""" { "name": "a", "path": "/api" }, { "name": "b", "pathPrefix": "/api" } """)]
    [InlineData(""" { "name": "a", "methods": [ "GET" ] }, { "name": "b", "methods": [ "GET", "POST" ] }, { "name": "c", "methods": [ "PUT" ] }, { "name": "d" } """)]
    [InlineData(""" { "name": "a", "path": "/u/{id}/x" }, { "name": "b", "path": "/{u}/1/x" } """)]
    [InlineData(""" { "name": "a", "headers": [ { "name": "X", "value": "1" } ] }, { "name": "b", "headers": [ { "name": "X", "prefix": "1" } ] }, { "name": "c", "headers": [ { "name": "X" } ] } """)]
    [InlineData(""" { "name": "a", "hosts": [ "x" ] }, { "name": "b", "hosts": [ "*.x" ] }, { "name": "c" } """)]
    [InlineData(""" { "name": "a", "query": [ { "name": "v" } ] }, { "name": "b", "query": [ { "name": "V" } ] } """)]
    public async Task Routes_that_differ_in_anything_may_stand_side_by_side(string routes) =>
        Assert.True((await Given.Loaded(Given.OneEndpoint, Routes(routes))).Routes.Length >= 2);

    /// <summary>In metrics and analytics that name means no route or pool.</summary>
    [Fact]
    public async Task No_route_and_no_pool_is_called_none() => Assert.Equal(
        [
            "gateway.json: pools.none: is a reserved name; choose another",
            "gateway.json: routes[0].name: 'none' is a reserved name; choose another",
        ],
        (await Given.Faults("", """{ "pools": { "none": { "endpoints": [ { "address": "http://a:1" } ] } }, "routes": [ { "name": "none", "pool": "none" } ] }""")).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Connections_that_serve_many_clients_cannot_name_one() => Assert.Equal(
        ["gateway.json: pools.default.proxyProtocol: 'v2' conflicts with protocol http2, whose connections carry requests of many clients; allowed: off, or protocol http1"],
        await Given.Faults(Given.OneEndpoint, """{ "pools": { "default": { "protocol": "http2", "proxyProtocol": "v2" } } }"""));

    [Fact]
    public async Task Each_route_with_a_twin_has_a_line() => Assert.Equal(
        [
            "gateway.json: routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /*" + Differ,
            "gateway.json: routes[2]: 'c' has the same conditions as 'a' (routes[0]) for /*" + Differ,
        ],
        await Given.Faults(Given.OneEndpoint, Routes(""" { "name": "a" }, { "name": "b" }, { "name": "c" } """)));

    [Theory]
    [InlineData(""" "path": "/a", "pathPrefix": "/a" """, "pathPrefix: conflicts with path; set only one of them")]
    [InlineData(""" "path": "a" """, "path: 'a' is not a path; allowed: a path beginning with /, without spaces, ?, # and \\; {name} for any one segment")]
    [InlineData(""" "path": "/a/../b" """, "path: '/a/../b' has a dot segment, so no request can match it; allowed: a path without . and .. segments")]
    [InlineData(""" "path": "/a/x{id}" """, "path: '/a/x{id}' has the segment 'x{id}'; braces must enclose a whole segment and contain a name; allowed: {name} as a whole segment, of letters, digits and _, each name once")]
    [InlineData(""" "path": "/a/{}" """, "path: '/a/{}' has the segment '{}'; braces must enclose a whole segment and contain a name; allowed: {name} as a whole segment, of letters, digits and _, each name once")]
    [InlineData(""" "path": "/{id}/{id}" """, "path: '/{id}/{id}' has {id} twice; allowed: {name} as a whole segment, of letters, digits and _, each name once")]
    [InlineData(""" "pathPrefix": "/users/{id}" """, "pathPrefix: '/users/{id}' contains braces; allowed: a path without { and }, or path for one with {name} in it")]
    [InlineData(""" "headers": [ { "name": "X", "value": "1", "prefix": "1" } ] """, "headers[0].prefix: conflicts with value; set only one of them")]
    [InlineData(""" "affinity": {} """, "affinity.keyFile: is missing; allowed: the path of a readable file")]
    [InlineData(""" "affinity": { "keyFile": "/none" } """, "affinity.keyFile: '/none' does not exist; allowed: the path of a readable file")]
    [InlineData(""" "affinity": { "keyFile": "/run/secrets/gateway-admin-token" } """, "affinity.keyFile: '/run/secrets/gateway-admin-token' contains no affinity key; allowed: one line of 32 to 1024 visible ASCII characters")]
    [InlineData(""" "affinity": { "keyFile": "/run/secrets/gateway-affinity-key", "sameSite": "none" } """, "affinity.sameSite: 'none' requires \"secure\": true, since browsers reject it otherwise; allowed without: lax, strict")]
    [InlineData(""" "affinity": { "by": "client", "keyFile": "/run/secrets/gateway-affinity-key" } """, "affinity.keyFile: requires by cookie; by is client")]
    [InlineData(""" "affinity": { "by": "header" } """, "affinity.name: is missing; allowed: the name of the header")]
    [InlineData(""" "affinity": { "by": "query" } """, "affinity.name: is missing; allowed: the name of the query parameter")]
    [InlineData(""" "affinity": { "by": "client", "name": "X" } """, "affinity.name: requires by header or query")]
    [InlineData(""" "affinity": { "by": "header", "name": "x-httpcg-plane" } """, "affinity.name: 'x-httpcg-plane' is set by the gateway itself; choose another field")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ], "by": "header", "name": "X-Httpcg-Url" } """, "split.name: 'X-Httpcg-Url' is set by the gateway itself; choose another field")]
    [InlineData(""" "rateLimit": { "requests": 1, "by": "header:X_Httpcg_Url" } """, "rateLimit.by: 'X_Httpcg_Url' is set by the gateway itself; choose another field")]
    [InlineData(""" "split": {} """, "split.pools: is missing; allowed: [ ... ]")]
    [InlineData(""" "split": { "pools": [] } """, "split.pools: has no pool with a weight above 0; at least one is needed")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 0 } ] } """, "split.pools: has no pool with a weight above 0; at least one is needed")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 }, { "pool": "defualt", "weight": 1 } ] } """, "split.pools[1].pool: 'defualt' is not a pool; did you mean default?")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 }, { "pool": "default", "weight": 1 } ] } """, "split.pools[1].pool: 'default' is listed twice; allowed: each pool once")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ], "by": "cookie" } """, "split.name: is missing; allowed: the name of the cookie")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ], "name": "c" } """, "split.name: requires by header or cookie")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ] }, "pool": "default" """, "pool: conflicts with split; set only one of them")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ] }, "answer": {} """, "split: conflicts with answer, which sends nothing to a backend; set only one of them")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": -1 } ] } """, "split.pools[0].weight: '-1' is out of range; allowed: 0 to 1000000")]
    [InlineData(""" "mirror": {} """, "mirror.pool: is missing; allowed: 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData(""" "mirror": { "pool": "defualt" } """, "mirror.pool: 'defualt' is not a pool; did you mean default?")]
    [InlineData(""" "mirror": { "pool": "default" } """, "mirror.pool: 'default' is the pool that receives the requests themselves; choose another pool")]
    [InlineData(""" "split": { "pools": [ { "pool": "default", "weight": 1 } ] }, "mirror": { "pool": "default", "percent": 10 } """, "mirror.pool: 'default' is the pool that receives the requests themselves; choose another pool")]
    [InlineData(""" "mirror": { "pool": "default" }, "answer": {} """, "mirror: conflicts with answer, which sends nothing to a backend; set only one of them")]
    [InlineData(""" "requestFields": { "remove": [ "X-Gateway-Mirror" ] } """, "requestFields.remove[0]: 'X-Gateway-Mirror' is set by the gateway or frames the message; choose another field")]
    [InlineData(""" "redirect": { "status": 302 } """, "redirect.location: is missing; allowed: a path, or an http or https URL")]
    [InlineData(""" "redirect": { "location": "/x", "status": 304 } """, "redirect.status: '304' is not a redirect; allowed: 301, 302, 303, 307, 308")]
    [InlineData(""" "redirect": { "location": "x" } """, "redirect.location: 'x' is not a path or an http or https URL; allowed: /path or https://host/path")]
    [InlineData(""" "path": "/{a}", "redirect": { "location": "/{b}" } """, "redirect.location: '/{b}' has the unknown variable {b}; allowed: {host}, {path}, {query}, {rest}, {a}")]
    [InlineData(""" "path": "/{a}", "redirect": { "location": "https://{a}.example/" } """, "redirect.location: 'https://{a}.example/' has a variable in its host; only {host} is allowed there")]
    [InlineData(""" "redirect": { "location": "/x" }, "pool": "default" """, "pool: conflicts with redirect, which sends nothing to a backend; set only one of them")]
    [InlineData(""" "answer": {}, "timeouts": { "try": "1s" } """, "timeouts: conflicts with answer, which sends nothing to a backend; set only one of them")]
    [InlineData(""" "answer": {}, "redirect": { "location": "/x" } """, "answer: conflicts with redirect; set only one of them")]
    [InlineData(""" "answer": { "status": 204, "body": "x" } """, "answer.body: is not allowed with status 204, which has no body")]
    [InlineData(""" "answer": { "status": 100 } """, "answer.status: '100' is out of range; allowed: 200 to 599")]
    [InlineData(""" "rewrite": { "stripPrefix": true, "path": "/x" } """, "rewrite: has more than one of stripPrefix, replacePrefix and path; set only one of them")]
    [InlineData(""" "path": "/a", "rewrite": { "stripPrefix": true } """, "rewrite: replaces a prefix, but the route has path; use pathPrefix in the route, or path in rewrite")]
    [InlineData(""" "rewrite": { "replacePrefix": "/a/%2e%2e/b" } """, "rewrite.replacePrefix: '/a/%2e%2e/b' has a dot segment; allowed: a path without . and .. segments")]
    [InlineData(""" "rewrite": { "replacePrefix": "/{a}" } """, "rewrite.replacePrefix: '/{a}' contains braces; allowed: a path without { and }")]
    [InlineData(""" "path": "/{a}", "rewrite": { "path": "/{b}" } """, "rewrite.path: '/{b}' has {b}, which is not a parameter of the route's path; allowed: {a}")]
    [InlineData(""" "requestFields": { "set": [ { "name": "Content-Length", "value": "1" } ] } """, "requestFields.set[0].name: 'Content-Length' is set by the gateway or frames the message; choose another field")]
    [InlineData(""" "responseFields": { "remove": [ "X-A", "connection" ] } """, "responseFields.remove[1]: 'connection' is set by the gateway or frames the message; choose another field")]
    [InlineData(""" "requestFields": { "set": [ { "name": "grpc-timeout", "value": "1S" } ] } """, "requestFields.set[0].name: 'grpc-timeout' is set by the gateway or frames the message; choose another field")]
    [InlineData(""" "responseFields": { "add": [ { "name": "X-A", "value": " a" } ] } """, "responseFields.add[0].value: ' a' is not a field value; allowed: printable ASCII, without leading or trailing blanks")]
    [InlineData(""" "retry": { "attempts": 11 } """, "retry.attempts: '11' is out of range; allowed: 0 to 10")]
    [InlineData(""" "query": [ { "value": "1" } ] """, "query[0].name: is missing; allowed: text")]
    public async Task A_bad_value_of_a_route_is_one_line_with_its_place(string section, string line) =>
        Assert.Equal(["gateway.json: routes[0]." + line], await Given.Faults(Given.OneEndpoint, Routes($$""" { "name": "a", {{section}} } """)));

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("grpc-status")]
    [InlineData("Retry-After")]
    public async Task Fields_that_the_gateway_only_reads_may_be_changed(string name)
    {
        var fields = $$"""{ "set": [ { "name": "{{name}}", "value": "1" } ], "remove": [ "{{name}}" ] }""";

        var route = (await Given.Loaded(Given.OneEndpoint, Routes($$""" { "name": "a", "requestFields": {{fields}}, "responseFields": {{fields}} } """))).Routes[0];

        Assert.Equal([name, name], [.. route.RequestFields.Remove, .. route.ResponseFields.Remove]);
    }

    private static string Routes(string routes) => $$"""{ "routes": [ {{routes}} ] }""";
}
