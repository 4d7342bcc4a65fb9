using System.Net.Security;
using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Tests.EndToEnd;

/// <summary>TLS to backends: trusted authorities, the name verified, and the gateway's own certificate; over each protocol.</summary>
public abstract class BackendTlsTests(BackendProtocol protocol) : IDisposable
{
    private protected Certificates Certificates { get; } = new();

    public void Dispose()
    {
        Certificates.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_backend_is_trusted_whose_certificate_the_pools_authority_has_signed()
    {
        await using var backend = await StartBackendAsync("127.0.0.1");
        await using var gateway = await StartAsync(backend, new() { Authorities = Certificates.AuthorityFile });

        (await gateway.AskAsync()).AssertPassedOn(200, $"HTTP/{(protocol == BackendProtocol.Http2 ? "2" : "1.1")} 0");
        (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(200, $"HTTP/{(protocol == BackendProtocol.Http2 ? "2" : "1.1")} 5");
    }

    [Fact]
    public async Task No_other_is()
    {
        await using var backend = await StartBackendAsync("127.0.0.1");
        await using var gateway = await StartAsync(backend, TlsPolicy.Default);

        (await gateway.AskAsync()).AssertProblem(502, "tls_protocol_error");

        Assert.True(await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "tls")) >= 1);
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_connection_pool_size") == 0);
    }

    [Fact]
    public async Task The_certificate_must_be_for_the_name_whatever_the_request_says()
    {
        await using var backend = await StartBackendAsync("shop.internal");
        var tls = new TlsPolicy { Authorities = Certificates.AuthorityFile };
        await using var byAddress = await StartAsync(backend, tls);
        await using var byName = await StartAsync(backend, tls with { ServerName = "shop.internal" });

        byAddress.Client.DefaultRequestHeaders.Host = "shop.internal";
        (await byAddress.AskAsync()).AssertProblem(502, "tls_protocol_error");
        byName.Client.DefaultRequestHeaders.Host = "shop.example";
        Assert.Equal(200, (await byName.AskAsync()).Status);
    }

    [Fact]
    public async Task A_backend_that_wants_a_certificate_gets_the_pools()
    {
        await using var backend = await StartBackendAsync(
            "127.0.0.1", context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none"), ClientCertificateMode.RequireCertificate);
        var tls = new TlsPolicy { Authorities = Certificates.AuthorityFile };
        await using var without = await StartAsync(backend, tls);
        await using var with = await StartAsync(backend, tls with { Certificate = Certificates.FileFor("gateway") });

        Assert.Equal(502, (await without.AskAsync()).Status);
        (await with.AskAsync()).AssertPassedOn(200, "CN=gateway");
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_stops_the_start_and_no_reload()
    {
        await using var backend = await StartBackendAsync("127.0.0.1");
        var garbage = Certificates.Write("garbage.pem", "garbage");
        var fault = await Assert.ThrowsAsync<IOException>(() =>
            StartAsync(backend, new() { Authorities = garbage }));
        Assert.StartsWith($"{garbage} cannot be used for TLS: ", fault.Message, StringComparison.Ordinal);

        await using var gateway = await StartAsync(
            backend, new() { Authorities = Certificates.AuthorityFile });
        await Assert.ThrowsAsync<IOException>(() => gateway.ReconfigurePoolAsync(pool =>
            pool with { Connections = pool.Connections with { Tls = new() { Authorities = "/nowhere/ca.pem" } } }));
        Assert.Equal(200, (await gateway.AskAsync()).Status);
    }

    [Fact]
    public async Task Other_settings_hold_from_the_next_request_on()
    {
        await using var backend = await StartBackendAsync(
            "127.0.0.1", context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none"), ClientCertificateMode.AllowCertificate);
        var tls = new TlsPolicy { Authorities = Certificates.AuthorityFile };
        await using var gateway = await StartAsync(backend, tls);
        (await gateway.AskAsync()).AssertPassedOn(200, "none");

        await ReconfigureAsync(gateway, tls with { Certificate = Certificates.FileFor("gateway") });
        (await gateway.AskAsync()).AssertPassedOn(200, "CN=gateway");
        await ReconfigureAsync(gateway, TlsPolicy.Default);
        (await gateway.AskAsync()).AssertProblem(502, "tls_protocol_error");
        await ReconfigureAsync(gateway, tls);
        (await gateway.AskAsync()).AssertPassedOn(200, "none");
    }

    private static Task ReconfigureAsync(TestGateway gateway, TlsPolicy tls) =>
        gateway.ReconfigurePoolAsync(pool => pool with { Connections = pool.Connections with { Tls = tls } });

    private static async Task EchoLengthAsync(HttpContext context)
    {
        var length = (await new StreamReader(context.Request.Body).ReadToEndAsync()).Length;
        await context.Response.WriteAsync($"{context.Request.Protocol} {length}");
    }

    private protected Task<KestrelBackend> StartBackendAsync(
        string name, RequestDelegate? answer = null, ClientCertificateMode mode = ClientCertificateMode.NoCertificate) =>
        KestrelBackend.StartAsync(
            answer ?? EchoLengthAsync,
            protocol == BackendProtocol.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1,
            new()
            {
                ServerCertificate = Certificates.For(name),
                ClientCertificateMode = mode,
                ClientCertificateValidation = static (_, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable,
            });

    private Task<TestGateway> StartAsync(KestrelBackend backend, TlsPolicy tls) =>
        TestGateway.StartAsync(
            [backend.Address],
            pool => pool with { Connections = new() { Protocol = protocol, Tls = tls } });
}
