using System.Net;
using System.Text.Json.Nodes;
using Gateway.Cli.Invocation;
using Gateway.Tests.Cli;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Certificates that change while clients are served: open connections, new ones, and the operators' view.</summary>
public sealed class TlsRenewalTests : IDisposable
{
    private static readonly Uri Root = new("/", UriKind.Relative);

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_open_connection_goes_on_and_the_next_one_gets_the_new_certificate(string version)
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        List<string> seen = [];
        using var client = Client(gateway, version, seen);
        await client.GetStringAsync(Root);
        var renewed = Write("tls");
        await gateway.LoggedAsync("serving certificate CN=shop.example", times: 2);

        Assert.Equal("ok", await client.GetStringAsync(Root));
        Assert.Single(seen); // It is the existing connection.
        using var other = Client(gateway, version, seen);
        Assert.Equal("ok", await other.GetStringAsync(Root));
        Assert.Equal(renewed, seen[1]);
    }

    [Fact]
    public async Task Under_swaps_each_second_no_new_connection_fails_and_the_newest_certificate_is_served()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        using var end = new CancellationTokenSource();
        var clients = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var connections = 0;
            while (!end.IsCancellationRequested)
            {
                using var client = Client(gateway, "1.1", []);
                Assert.Equal("ok", await client.GetStringAsync(Root));
                connections++;
            }

            return connections;
        })));
        for (var swap = 1; swap <= 4; swap++)
        {
            var renewed = Write("tls"); // One file after the other: a check in between finds a pair that does not match.
            await Eventually.IsAsync(async () => clients.IsCompleted || await FingerprintAsync(gateway) == renewed);
        }

        await end.CancelAsync();
        Assert.All(await clients, connections => Assert.True(connections > 0));
        Assert.Equal(0, await gateway.MetricAsync("gateway_tls_handshake_failures_total"));
        Assert.Equal(4, await gateway.MetricAsync("gateway_tls_certificate_reloads_total", ("result", "accepted")));
    }

    [Fact]
    public async Task Operators_see_what_is_served_and_why_changed_files_are_not()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        _certificates.Write("tls.crt", "garbage");
        await gateway.LoggedAsync("tls.crt contains no PEM certificate; still serving certificate CN=shop.example");

        var table = await PbmAsync(gateway);
        Assert.StartsWith("NAMES         SUBJECT          ISSUER             NOT AFTER                 DAYS LEFT  DEFAULT  FILE", table, StringComparison.Ordinal);
        Assert.Contains("shop.example  CN=shop.example  CN=test authority  ", table, StringComparison.Ordinal);
        Assert.Contains($"{_certificates.PathOf("tls.crt")}  valid  {_certificates.PathOf("tls.crt")} contains no PEM certificate", table, StringComparison.Ordinal);

        var row = JsonNode.Parse(await PbmAsync(gateway, "--json"))!;
        Assert.Equal(["names", "subject", "issuer", "notAfter", "daysLeft", "default", "file", "state", "fault"], row.AsObject().Select(cell => cell.Key));
        Assert.Equal((362.0, "valid"), ((double)row["daysLeft"]!, (string?)row["state"]));

        var listing = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/certificates", UriKind.Relative)))!;
        var certificate = Assert.Single(listing["certificates"]!.AsArray())!;
        Assert.Equal(await FingerprintAsync(gateway), (string?)certificate["sha256"]);
        Assert.Equal((string?)row["fault"], (string?)certificate["fault"]);
        Assert.InRange(await gateway.MetricAsync("gateway_tls_certificate_expiry_seconds", ("certificate", _certificates.PathOf("tls.crt"))), 362 * 86400, 364 * 86400);
    }

    private async Task<TestGateway> StartAsync(KestrelBackend backend)
    {
        Write("tls");
        return await TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            Tls = new()
            {
                Address = new(IPAddress.Loopback, 0),
                Certificates = [new(_certificates.PathOf("tls.crt"), _certificates.PathOf("tls.key"), IsDefault: true)],
            },
        });
    }

    /// <summary>Writes a new pair, one file after the other; returns its fingerprint.</summary>
    private string Write(string file)
    {
        var (certificate, key) = _certificates.PairFor("shop.example");
        _certificates.Write($"{file}.crt", certificate);
        _certificates.Write($"{file}.key", key);
        using var whole = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(certificate);
        return whole.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
    }

    private static async Task<string> FingerprintAsync(TestGateway gateway)
    {
        List<string> seen = [];
        using var client = Client(gateway, "1.1", seen);
        await client.GetStringAsync(new Uri("/health", UriKind.Relative));
        return seen[0];
    }

    /// <param name="seen">Receives the fingerprint of the certificate of each new connection.</param>
    private static HttpClient Client(TestGateway gateway, string version, List<string> seen) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions =
        {
            TargetHost = "shop.example",
#pragma warning disable CA5359 // The test checks the certificate itself.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                seen.Add(certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256));
                return true;
            },
#pragma warning restore CA5359
        },
    })
    {
        BaseAddress = gateway.TlsAddress,
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<string> PbmAsync(TestGateway gateway, params string[] options)
    {
        using var terminal = new ScriptedTerminal("");
        Assert.Equal(0, await Pbm.RunAsync([gateway.Admin.BaseAddress!.Authority, .. options, "gateway", "certs"], terminal, _ => null));
        return terminal.Shown;
    }
}
