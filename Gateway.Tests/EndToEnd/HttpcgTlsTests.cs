using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Gateway.Http;
using Gateway.Tests.Conformance;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>The listener for httpcg URLs over TLS, and what a redirect from plain HTTP makes of them.</summary>
public sealed class HttpcgTlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_request_passes_over_TLS_and_its_backend_is_told_https()
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
        await Assert.ThrowsAnyAsync<Exception>(async () => await ConnectAsync(passage, SslApplicationProtocol.Http2));
    }

    [Fact]
    public async Task A_redirect_to_TLS_keeps_the_path_and_leaves_the_listener_for_httpcg_URLs_alone()
    {
        await using var passage = await StartAsync(tls: false);
        var answer = await passage.AskAsync("GET /httpcg/app/shop.example/../x HTTP/1.1\r\nHost: gw.example\r\n\r\n");
        Assert.Equal(308, answer.Status);
        Assert.Equal("https://gw.example:8443/httpcg/app/x", answer.Head.Value("Location"));
        answer = await RawClient.AskAsync(passage.Gateway.HttpcgAddress, "GET httpcg://app/shop.example/x HTTP/1.1\r\nHost: gw.example\r\n\r\n");
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
#pragma warning disable CA5359 // What the gateway shows is another test's.
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
