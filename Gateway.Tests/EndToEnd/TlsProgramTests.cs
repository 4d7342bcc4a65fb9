using System.Diagnostics;
using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Metrics;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>TLS with common programs: curl and OpenSSL.</summary>
public sealed class TlsProgramTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [ProgramFact("curl")]
    public async Task Curl_gets_an_answer_over_each_protocol_and_version()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend);
        foreach (var (options, protocol) in new[] { ("--http1.1 --tlsv1.3", "1.1"), ("--http1.1 --tls-max 1.2", "1.1"), ("--http2 --tlsv1.3", "2"), ("--http2 --tls-max 1.2", "2") })
        {
            var shown = await RunAsync("curl", $"-sS {options} --cacert {_certificates.AuthorityFile} {To(gateway)} -w %{{http_version}} https://shop.example:{gateway.TlsAddress.Port}/");
            Assert.Equal((options, (0, $"ok {protocol}")), (options, (shown.Code, shown.Out)));
        }
    }

    [ProgramFact("curl")]
    public async Task Curl_follows_the_redirect_and_sends_the_body_again()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, hasRedirect: true);
        var port = gateway.TlsAddress.Port;
        await gateway.ReconfigureAsync(s => s with { Tls = s.Tls! with { RedirectPort = port } });
        var shown = await RunAsync(
            "curl", $"-sS -L -d body --cacert {_certificates.AuthorityFile} {To(gateway)} --resolve shop.example:{gateway.Address.Port}:127.0.0.1 http://shop.example:{gateway.Address.Port}/");
        Assert.Equal((0, "ok body"), (shown.Code, shown.Out.Trim()));
    }

    [ProgramFact("curl")]
    public async Task Curl_shows_a_certificate_or_is_refused()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, clients: ClientCertificateMode.Require);
        var url = $"--cacert {_certificates.AuthorityFile} {To(gateway)} https://shop.example:{gateway.TlsAddress.Port}/";
        var file = _certificates.FileFor("client");
        foreach (var options in (string[])["--http1.1 --tlsv1.3", "--http1.1 --tls-max 1.2", "--http2 --tlsv1.3", "--http2 --tls-max 1.2"])
        {
            var shown = await RunAsync("curl", $"-sS {options} --cert {file} {url}");
            Assert.Equal((options, (0, "ok")), (options, (shown.Code, shown.Out.Trim())));
            Assert.NotEqual(0, (await RunAsync("curl", $"-sS {options} {url}")).Code);
        }
    }

    [ProgramFact("openssl")]
    public async Task OpenSSL_resumes_its_session_with_either_version()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend);
        foreach (var version in (string[])["-tls1_2", "-tls1_3"])
        {
            var session = _certificates.PathOf($"session{version}");
            var first = await ConnectAsync(gateway, $"{version} -servername shop.example -sess_out {session}");
            Assert.Contains("Verification: OK", first.Out, StringComparison.Ordinal);
            Assert.Contains("New, TLSv1.", first.Out, StringComparison.Ordinal);
            var second = await ConnectAsync(gateway, $"{version} -servername shop.example -sess_in {session}");
            Assert.Contains("Reused, TLSv1.", second.Out, StringComparison.Ordinal);
        }
    }

    [ProgramFact("openssl")]
    public async Task OpenSSL_gets_the_alert_that_a_name_is_unknown()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, isDefault: false);
        foreach (var options in (string[])["-tls1_2 -servername other.example", "-tls1_3 -servername other.example", "-tls1_3 -noservername"])
        {
            var shown = await ConnectAsync(gateway, options);
            Assert.Contains("unrecognized name", shown.Out, StringComparison.Ordinal);
        }

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "unknown-name")) == 3);
    }

    [ProgramFact("openssl")]
    public async Task OpenSSL_gets_no_older_version()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend);
        var shown = await ConnectAsync(gateway, "-tls1_1 -servername shop.example -cipher ALL:@SECLEVEL=0");
        Assert.NotEqual(0, shown.Code);
        Assert.DoesNotContain("New, TLSv1", shown.Out, StringComparison.Ordinal);
    }

    private static string To(TestGateway gateway) => $"--noproxy * --resolve shop.example:{gateway.TlsAddress.Port}:127.0.0.1";

    private Task<(int Code, string Out)> ConnectAsync(TestGateway gateway, string options) => RunAsync(
        "openssl", $"s_client -connect 127.0.0.1:{gateway.TlsAddress.Port} -CAfile {_certificates.AuthorityFile} -verify_hostname shop.example {options}",
        "GET /health HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");

    /// <summary>Runs a program to its end; returns its standard output and error together.</summary>
    private static async Task<(int Code, string Out)> RunAsync(string program, string arguments, string? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            var (shown, faults) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await process.StandardInput.WriteAsync(input);
                await process.StandardInput.FlushAsync(); // Kept open: s_client ends when the gateway does.
            }
            catch (IOException)
            {
                // A program that was refused has ended, and reads nothing; its output is asserted.
            }

            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await shown + await faults);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Task<KestrelBackend> BackendAsync() => KestrelBackend.StartAsync(async context =>
    {
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"ok {await body.ReadToEndAsync()}");
    });

    private Task<TestGateway> StartAsync(KestrelBackend backend, bool isDefault = true, bool hasRedirect = false, ClientCertificateMode? clients = null)
    {
        var file = _certificates.FileFor("shop.example");
        return TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            Tls = new()
            {
                Address = new(IPAddress.Loopback, 0),
                Certificates = [new(file, file, IsDefault: isDefault)],
                Clients = clients is { } mode ? new(mode, _certificates.AuthorityFile) : null,
                RedirectPort = hasRedirect ? 1 : null,
            },
        });
    }
}
