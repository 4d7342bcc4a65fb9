using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Sections;

namespace Gateway.Tests.Settings;

/// <summary>Compares the schema with the records of settings: same defaults, and no unused key.</summary>
public sealed class SchemaTests
{
    private const string DesignExample =
        """
        {
          "pools": {
            "default": {
              "strategy": "least-connections",
              "endpoints": [ { "address": "http://10.0.0.1:8001", "weight": 2, "zone": "a", "priority": 0 } ],
              "health": { "path": "/health", "interval": "00:00:10", "timeout": "00:00:05", "unhealthyThreshold": 3, "healthyThreshold": 2 },
              "breaker": { "threshold": 5, "break": "00:00:10", "halfOpenMaxCalls": 3 },
              "retry": { "attempts": 3, "budgetPercent": 20 },
              "connections": { "max": 256, "idleTimeout": "00:01:00", "connectTimeout": "00:00:02" }
            }
          },
          "routes": [ { "name": "api", "hosts": [ "shop.example" ], "pathPrefix": "/api", "pool": "default" } ]
        }
        """;

    // Enough for every key to be valid alone: seeds need a cluster, a certificate its key, a failure rate its share, a header its name, an access log its
    // place, a trace
    // its receiver, an httpcg address a route with planes.
    private const string Baseline =
        """
        {
          "trustedProxies": [ "10.9.0.0/16" ], "rateLimit": { "requests": 10 }, "accessLog": { "to": "-" }, "otlpEndpoint": "http://o:4318/", "otlpMetricsEndpoint": "http://o:4318/", "clusterAddr": "10.0.0.9:4053", "clusterTlsCert": "a.crt", "clusterTlsKey": "a.key", "clusterTlsCa": "ca.crt",
          "httpcgAddr": "127.0.0.1:8089", "tlsAddr": "127.0.0.1:8443", "tlsCert": "a.crt", "tlsKey": "locked.key", "tlsKeyPasswordFile": "password",
          "tls": { "certificates": [ { "certificate": "a.crt", "key": "locked.key", "keyPasswordFile": "password" } ], "clientCertificates": "accept", "clientAuthorities": "ca.crt", "hsts": {} },
          "pools": {
            "default": {},
            "other": { "endpoints": [ { "address": "http://a:1" } ], "breaker": { "failureRate": { "percent": 50 } }, "outliers": {}, "adaptiveConcurrency": {} }
          },
          "routes": [ { "name": "api", "rateLimit": { "requests": 10 }, "headers": [ { "name": "X-A" } ], "query": [ { "name": "q" } ],
              "requestFields": { "set": [ { "name": "X-B", "value": "b" } ], "add": [ { "name": "X-B", "value": "b" } ] },
              "responseFields": { "set": [ { "name": "X-B", "value": "b" } ], "add": [ { "name": "X-B", "value": "b" } ] } }, { "name": "rest", "hosts": [ "rest" ], "pool": "other" }, { "name": "gw", "planes": [ "gw" ] } ]
        }
        """;

    // If a route answers by itself there is nothing for a backend; and a rewrite alone is not an answer.
    private const string Answering =
        """
        {
          "pools": { "default": { "endpoints": [ { "address": "http://a:1" } ] } },
          "routes": [ { "name": "api", "ANSWER": { "location": "/x" } }, { "name": "rest", "hosts": [ "rest" ] } ]
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(
        new StreamReader(typeof(GatewaySettings).Assembly.GetManifestResourceStream("gateway.schema.json")!).ReadToEnd())!.AsObject();

    public static TheoryData<string> KeysWithDefault => [.. Leaves().Where(l => l.Schema["default"] is not null).Select(l => l.Path)];

    public static TheoryData<string> Keys => [.. Leaves().Where(l => l.Path != "$schema").Select(l => l.Path)];

    [Fact]
    public async Task The_example_of_the_design_loads()
    {
        var settings = await Given.Loaded("", DesignExample);

        Assert.Equal(TimeSpan.FromSeconds(10), settings.Pools[0].Health.Interval);
        Assert.Equal("/api", settings.Routes[0].PathPrefix);
    }

    [Fact]
    public async Task A_file_may_name_its_schema() =>
        await Given.Loaded(Given.OneEndpoint, """{ "$schema": "./gateway.schema.json" }""");

    [Theory]
    [MemberData(nameof(KeysWithDefault))]
    public async Task A_default_of_the_schema_is_what_holds_without_the_key(string path) =>
        Assert.Equal(
            Dump.Of(await Given.Loaded("", BaselineFor(path))),
            Dump.Of(await Given.Loaded("", With(path, Leaf(path)["default"]!))));

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_of_the_schema_changes_the_settings(string path) =>
        Assert.NotEqual(
            Dump.Of(await Given.Loaded("", BaselineFor(path))),
            Dump.Of(await Given.Loaded("", WithExampleOf(path))));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_of_the_schema_says_what_it_is_for(string path)
    {
        var description = (string?)Leaf(path)["description"];

        Assert.EndsWith(".", description, StringComparison.Ordinal);
        Assert.False(Leaf(path)["pattern"] is not null && Leaf(path)["x-minimum"] is null && Leaf(path)["x-allowed"] is null, "a pattern is no text for users");
    }

    /// <summary>JSON Schema's patterns are ECMA-262 with the flag u (as compiled by ajv), in which only syntax characters may be escaped.</summary>
    [Fact]
    public void Patterns_escape_only_what_the_standard_lets_them()
    {
        var patterns = Patterns(Schema).ToList();
        Assert.True(patterns.Count > 20);
        Assert.All(patterns, pattern => Assert.DoesNotMatch(@"(?<!\\)(\\\\)*\\[^\^$.*+?()\[\]{}|/\\dDwWsSbBnrtfv-]", pattern));
    }

    [Fact]
    public void The_schema_has_an_id() => Assert.True(Uri.TryCreate((string?)Schema["$id"], UriKind.Absolute, out _));

    private static IEnumerable<string> Patterns(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => pair.Key == "pattern" && pair.Value is JsonValue text ? [(string)text!]
            : pair.Key == "patternProperties" ? pair.Value!.AsObject().Select(p => p.Key).Concat(Patterns(pair.Value))
            : Patterns(pair.Value)),
        JsonArray list => list.SelectMany(Patterns),
        _ => [],
    };

    [Fact]
    public void The_flags_are_keys_of_the_file() =>
        Assert.All(Flag.All, flag => Assert.True(Schema["properties"]!.AsObject().ContainsKey(flag.Key), flag.Key));

    [Fact]
    public void The_sections_have_the_keys_of_the_schema()
    {
        Assert.Equal(
            Schema["properties"]!.AsObject().Select(p => p.Key).Where(k => k != "$schema").Order(StringComparer.Ordinal),
            typeof(GatewayFile).GetProperties().Select(p => Camel(p.Name)).Order(StringComparer.Ordinal));
        Assert.All(Schema["definitions"]!.AsObject(), definition =>
        {
            var type = typeof(GatewayFile).Assembly.GetType($"{typeof(GatewayFile).Namespace}.{char.ToUpperInvariant(definition.Key[0])}{definition.Key[1..]}Section");
            Assert.Equal(
                definition.Value!["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal),
                type!.GetProperties().Select(p => Camel(p.Name)).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void The_schema_lies_beside_the_program() =>
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(typeof(GatewaySettings).Assembly.Location)!, "gateway.schema.json")));

    /// <summary>A file with everything that the key requires, and the key's example.</summary>
    internal static string WithExampleOf(string path) => With(path, Assert.Single(Leaf(path)["examples"]!.AsArray())!);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static JsonObject Leaf(string path) => Leaves().Single(l => l.Path == path).Schema;

    private static IEnumerable<(string Path, JsonObject Schema)> Leaves() => Leaves("", Schema);

    private static IEnumerable<(string Path, JsonObject Schema)> Leaves(string path, JsonObject schema)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Leaves(path, Schema["definitions"]![reference.Split('/')[^1]]!.AsObject());
        }

        if (schema["properties"] is JsonObject properties)
        {
            return properties.SelectMany(p => Leaves(path.Length == 0 ? p.Key : $"{path}.{p.Key}", p.Value!.AsObject()));
        }

        if (schema["patternProperties"] is JsonObject pools)
        {
            return Leaves($"{path}.other", pools.Single().Value!.AsObject());
        }

        return schema["items"] is JsonObject items && items["$ref"] is not null ? Leaves($"{path}.0", items) : [(path, schema)];
    }

    /// <summary>A file with all that the key needs to stand, without the key's example.</summary>
    internal static string BaselineFor(string path) =>
        path is "routes.0.affinity.by" or "routes.0.affinity.name"
            ? Answering.Replace("\"ANSWER\": { \"location\": \"/x\" }", "\"affinity\": { \"by\": \"header\", \"name\": \"q\" }", StringComparison.Ordinal)
        : path.StartsWith("routes.0.affinity", StringComparison.Ordinal)
            ? Answering.Replace("\"ANSWER\": { \"location\": \"/x\" }", "\"affinity\": { \"keyFile\": \"/etc/gateway/affinity-key\" }", StringComparison.Ordinal)
        : path.StartsWith("routes.0.split", StringComparison.Ordinal)
            ? Answering.Replace("\"ANSWER\": { \"location\": \"/x\" }", "\"split\": { \"pools\": [ { \"pool\": \"default\", \"weight\": 1 } ], \"by\": \"cookie\", \"name\": \"c\" }", StringComparison.Ordinal)
                .Replace("\"default\": {", "\"other\": { \"endpoints\": [ { \"address\": \"http://b:1\" } ] }, \"default\": {", StringComparison.Ordinal)
        : path.StartsWith("routes.0.mirror", StringComparison.Ordinal)
            ? Answering.Replace("\"ANSWER\": { \"location\": \"/x\" }", "\"mirror\": { \"pool\": \"shadow\" }", StringComparison.Ordinal)
                .Replace("\"default\": {", "\"other\": { \"endpoints\": [ { \"address\": \"http://b:1\" } ] }, \"shadow\": {}, \"default\": {", StringComparison.Ordinal)
        : path.StartsWith("routes.0.redirect", StringComparison.Ordinal) ? Answering.Replace("ANSWER", "redirect", StringComparison.Ordinal)
        : path.StartsWith("routes.0.answer", StringComparison.Ordinal) ? Answering.Replace("\"ANSWER\": { \"location\": \"/x\" }", "\"answer\": {}", StringComparison.Ordinal)
        : path == "tls.redirectPort" ? Baseline.Replace("\"hsts\": {}", "\"redirect\": true", StringComparison.Ordinal)
        : Baseline;

    /// <summary>The baseline with this value at this path; a number in the path is an index.</summary>
    internal static string With(string path, JsonNode? value)
    {
        var root = JsonNode.Parse(BaselineFor(path))!;
        var node = root;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            node = int.TryParse(step, CultureInfo.InvariantCulture, out var index)
                ? node[index]!
                : node[step] ?? (node.AsObject()[step] = new JsonObject());
        }

        node.AsObject()[steps[^1]] = value?.DeepClone();
        return root.ToJsonString();
    }
}
