using System.Net;
using Gateway.Node.Settings;

namespace Gateway.Tests.Settings;

/// <summary>Which keys of the file a reload changes, and which need a restart. A new key of the schema needs one unless it is among <see cref="Reloadable"/>.</summary>
public sealed class SettingsChangeTests
{
    /// <summary>The keys that a reload changes, or the sections of which it changes all keys.</summary>
    private static readonly string[] Reloadable =
    [
        "tlsCert", "tlsKey", "tlsKeyPasswordFile",
        "tls.certificates", "tls.clientCertificates", "tls.clientAuthorities", "tls.clientCertificateChain", "tls.redirect", "tls.redirectPort", "tls.hsts",
        "relayEndpoints", "healthCheckIntervalMs", "maxConnections", "requestTimeoutMs", "retryAttempts", "circuitBreakerThreshold", "loadBalancing",
        "logLevel", "limits.maxRequestBodySize", "limits.maxConnectionsPerClient", "clients", "hosts", "rateLimit", "trustedProxies", "proxyProtocol", "requestId",
        "pools", "routes",
    ];

    /// <summary>Sections that need a restart as a whole, whichever of their keys has changed.</summary>
    private static readonly string[] Whole = ["accessLog", "tracing", "otlpMetrics"];

    public static TheoryData<string> Keys => SchemaTests.Keys;

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_changed_key_is_in_force_after_a_reload_or_named_and_as_it_was(string path)
    {
        var running = await Given.Loaded("", SchemaTests.BaselineFor(path));
        var wanted = await Given.Loaded("", SchemaTests.WithExampleOf(path));
        var isReloadable = Reloadable.Any(key => IsIn(path, key));

        Assert.Equal(isReloadable ? [] : [Whole.FirstOrDefault(key => IsIn(path, key)) ?? path], SettingsChange.NeedingRestart(running, wanted).AsEnumerable());
        Assert.Equal(Dump.Of(isReloadable ? wanted : running), Dump.Of(SettingsChange.InForce(running, running, wanted)));
    }

    [Fact]
    public void Each_key_that_a_reload_changes_is_in_the_schema() =>
        Assert.All(Reloadable.Concat(Whole), key => Assert.Contains(((IEnumerable<object[]>)SchemaTests.Keys).Select(row => (string)row[0]), path => IsIn(path, key)));

    [Fact]
    public async Task Loading_the_same_twice_needs_no_restart()
    {
        const string flags = $"{Given.OneEndpoint} --cluster-addr a:1 --seed-nodes a:1,b:1 --zone a";

        Assert.Empty(SettingsChange.NeedingRestart(await Given.Loaded(flags), await Given.Loaded(flags)));
    }

    [Fact]
    public async Task Several_changes_are_named_in_their_order()
    {
        var running = await Given.Loaded(Given.OneEndpoint);
        var wanted = running with { Drain = running.Drain with { Delay = TimeSpan.Zero }, GatewayId = "other", SeedNodes = [new("a", 1)] };

        Assert.Equal(["gatewayId", "seedNodes", "drain.delay"], SettingsChange.NeedingRestart(running, wanted).AsEnumerable());
    }

    [Theory]
    [InlineData("--tls-addr 127.0.0.1:8443 --tls-cert a.crt --tls-key a.key", "tlsAddr")]
    [InlineData("--otlp-endpoint http://o:4318", "otlpEndpoint")]
    [InlineData("--otlp-metrics-endpoint http://o:4318", "otlpMetricsEndpoint")]
    public async Task A_section_that_is_turned_on_or_off_is_named_by_its_address_alone(string flags, string key)
    {
        var off = await Given.Loaded(Given.OneEndpoint);
        var on = await Given.Loaded($"{Given.OneEndpoint} {flags}");

        Assert.Equal([key], SettingsChange.NeedingRestart(off, on).AsEnumerable());
        Assert.Equal([key], SettingsChange.NeedingRestart(on, off).AsEnumerable());
        Assert.Equal(Dump.Of(off), Dump.Of(SettingsChange.InForce(off, off, on) with { RequestId = off.RequestId })); // Ids come with the spans, and a reload turns them on.
        Assert.Equal(Dump.Of(on), Dump.Of(SettingsChange.InForce(on, on, off) with { RequestId = on.RequestId }));
    }

    [Fact]
    public void Without_tls_in_the_settings_the_last_reload_with_it_stays_in_force()
    {
        var atStart = new TlsSettings { Address = new(IPAddress.Loopback, 1), Certificates = [new("a.crt", "a.key")] };
        var before = atStart with { Certificates = [new("b.crt", "b.key")] };
        var elsewhere = before with { Address = new(IPAddress.Loopback, 2), Engine = TlsEngine.SslStream };

        Assert.Equal(before, TlsSettings.InForce(atStart, before, null));
        Assert.Equal(before, TlsSettings.InForce(atStart, before, elsewhere));
        Assert.Equal(atStart, TlsSettings.InForce(atStart, null, null));
        Assert.Null(TlsSettings.InForce(null, null, elsewhere));
    }

    private static bool IsIn(string path, string key) => path == key || path.StartsWith($"{key}.", StringComparison.Ordinal);
}
