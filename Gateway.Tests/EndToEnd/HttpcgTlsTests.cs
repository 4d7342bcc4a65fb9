using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gateway.Http;
using Gateway.Tests.Conformance;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>The httpcg listener over TLS, and redirects of httpcg URLs from plain HTTP.</summary>
public sealed class HttpcgTlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_request_passes_over_TLS_and_its_backend_gets_https()
    {
        await using var passage = await StartAsync(tls: true);
        await using var client = await ConnectAsync(passage, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        Assert.Equal(SslApplicationProtocol.Http11, client.NegotiatedApplicationProtocol);
        using var reader = new StreamReader(client, Encoding.Latin1, leaveOpen: true);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("GET httpcg://wallet/bank.example/cart HTTP/1.1\r\nHost: shop.example\r\n\r\n"u8.ToArray());
            Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            Assert.Equal('o', reader.Read());
            Assert.Equal('k', reader.Read());
        }

        var seen = passage.Backend.Requests[^1];
        Assert.Equal(("/cart", "bank.example", "wallet", "https"), (seen.Target, seen.Head.Value("Host"), seen.Head.Value("X-Httpcg-Plane"), seen.Head.Value("X-Forwarded-Proto")));
    }

    [Fact]
    public async Task A_client_of_HTTP_2_alone_is_refused_by_the_handshake()
    {
        await using var passage = await StartAsync(tls: true);
        var refusal = await Record.ExceptionAsync(async () => await ConnectAsync(passage, SslApplicationProtocol.Http2));
        Assert.True(refusal is AuthenticationException or IOException, refusal?.ToString()); // As the alert or the end of the connection comes first.
        await Eventually.IsAsync(async () => await passage.Gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "protocol")) == 1);
        await using var other = await ConnectAsync(passage, SslApplicationProtocol.Http11);
        Assert.Equal(SslApplicationProtocol.Http11, other.NegotiatedApplicationProtocol);
    }

    [Theory]
    [InlineData("/httpcg/app/shop.example/../x", "/httpcg/app/shop.example/x")]
    [InlineData("/httpcg/APP/a.example:81/../../gw/inner.example/y?q=/..", "/httpcg/app/a.example:81/gw/inner.example/y?q=/..")]
    [InlineData("/httpcg/app/shop.example?x", "/httpcg/app/shop.example/?x")]
    [InlineData("/httpcg/app/shop.example/a%2Fb//c", "/httpcg/app/shop.example/a%2Fb//c")]
    [InlineData("/x/../y?z", "/y?z")]
    public async Task A_redirect_to_TLS_keeps_plane_and_authority(string target, string location)
    {
        await using var passage = await StartAsync(tls: false);
        var answer = await passage.AskAsync($"GET {target} HTTP/1.1\r\nHost: gw.example\r\n\r\n");
        Assert.Equal((308, $"https://gw.example:8443{location}"), (answer.Status, answer.Head.Value("Location")));
    }

    [Theory]
    [InlineData("/x/../y", 308)]
    [InlineData("/x/../httpcg/gw/inner.example/y", 400)]
    public async Task So_it_does_for_a_URL_in_the_field_which_the_client_sends_again(string target, int status)
    {
        await using var passage = await StartAsync(tls: false);
        var answer = await passage.AskAsync($"GET {target} HTTP/1.1\r\nHost: gw.example\r\nX-Httpcg-Url: httpcg://app/shop.example/cart\r\n\r\n");
        Assert.Equal((status, status == 308 ? "https://gw.example:8443/y" : null), (answer.Status, answer.Head.Value("Location")));
    }

    [Theory]
    [InlineData("/x/../httpcg/app/h/z", "")]
    [InlineData("/httpcg/app/../gw/inner.example/y", "")]
    [InlineData("/httpcg/shop/h/z", "")]
    [InlineData("/httpcg/app/h/z", "X-Httpcg-Url: httpcg://gw/h/z\r\n")]
    [InlineData("httpcg://app/h/z", "")]
    public async Task A_request_refused_over_TLS_is_not_redirected_to_it(string target, string field)
    {
        await using var passage = await StartAsync(tls: false);
        var answer = await passage.AskAsync($"GET {target} HTTP/1.1\r\nHost: gw.example\r\n{field}\r\n");
        Assert.Equal((400, null), (answer.Status, answer.Head.Value("Location")));
    }

    [Fact]
    public async Task A_redirect_to_TLS_needs_the_name_of_the_gateway_and_not_the_authority()
    {
        await using var passage = await StartAsync(tls: false);
        Assert.Equal(400, (await passage.AskAsync("GET /httpcg/app/shop.example/x HTTP/1.1\r\nHost:\r\n\r\n")).Status);
    }

    [Fact]
    public async Task The_listener_for_httpcg_URLs_redirects_nothing()
    {
        await using var passage = await StartAsync(tls: false);
        var answer = await RawClient.AskAsync(passage.Gateway.HttpcgAddress, "GET httpcg://app/shop.example/x HTTP/1.1\r\nHost: gw.example\r\n\r\n");
        Assert.Equal(200, answer.Status);
    }

    private Task<Passage> StartAsync(bool tls)
    {
        var file = _certificates.FileFor("shop.example");
        return Passage.StartAsync(settings: settings => settings with
        {
            HttpcgAddress = new(IPAddress.Loopback, 0),
            HttpcgTls = tls,
            Tls = new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)], RedirectPort = tls ? null : 8443 },
            Routes = [new() { Name = "all", Pool = "default", Planes = HttpcgPlanes.All }],
        });
    }

    private static async Task<SslStream> ConnectAsync(Passage passage, params SslApplicationProtocol[] protocols)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, passage.Gateway.HttpcgAddress.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "shop.example",
                ApplicationProtocols = [.. protocols],
#pragma warning disable CA5359 // Other tests check the certificate.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            });
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
