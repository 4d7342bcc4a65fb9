using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Connections that begin with a PROXY protocol header, from proxies that may send one and from others.</summary>
public sealed class ProxyProtocolTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Text = "PROXY TCP4 192.0.2.1 127.0.0.1 12345 80\r\n";
    private const string Binary = "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c\u00c0\0\u0002\u0001\u007f\0\0\u0001\u0030\u0039\0\u0050";
    private const string Own = "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0";

    [Theory]
    [InlineData(Text)]
    [InlineData(Binary)]
    public async Task The_client_is_the_one_that_the_header_names(string header)
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require);
        foreach (var split in new[] { 0, 1, 5, 13, header.Length - 1, header.Length, header.Length + 3 })
        {
            var sent = Encoding.Latin1.GetBytes(header + Get + Get);
            await using var client = await passage.ConnectAsync();
            await client.SendAsync(sent.AsMemory(0, split));
            await client.SendAsync(sent.AsMemory(split));
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            Assert.Equal(["192.0.2.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
        }
    }

    [Fact]
    public async Task Claims_of_the_client_do_not_count()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Accept);
        await AskAsync(passage, Text + "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");
        Assert.Equal(["192.0.2.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
        await AskAsync(passage, Own + "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");
        Assert.Equal(["10.0.0.1, 127.0.0.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
        await AskAsync(passage, Get);
        Assert.Equal(["127.0.0.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
    }

    [Theory]
    [InlineData(Get)]
    [InlineData("PROXY TCP4 999.0.2.1 127.0.0.1 1 80\r\n" + Get)]
    [InlineData("PROXY TCP4 1.2.3.04 127.0.0.1 1 80\r\n" + Get)]
    [InlineData("PROXY TCP6 1::2::3 ::1 1 80\r\n" + Get)]
    [InlineData("PROXY TCP4 192.0.2.1 127.0.0.1 1\r\n" + Get)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\0" + Get)]
    public async Task A_connection_without_a_valid_header_is_closed_unanswered(string bytes)
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require);
        Assert.True(await IsClosedAsync(passage.Gateway.Address, bytes));
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connections_refused_total", ("reason", "proxy-protocol")));
    }

    [Fact]
    public async Task A_peer_that_is_not_trusted_cannot_say_who_it_is()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Accept, trusted: "10.0.0.0/8");
        Assert.Equal(400, (await passage.AskAsync(Text + Get)).Status);
        Assert.Equal(200, (await passage.AskAsync(Get)).Status);
        await passage.Gateway.ReconfigureAsync(settings => settings with { ProxyProtocol = ProxyProtocolMode.Require });
        Assert.True(await IsClosedAsync(passage.Gateway.Address, Text + Get));
        Assert.True(await IsClosedAsync(passage.Gateway.Address, Get));
    }

    [Fact]
    public async Task Limits_and_lists_go_by_the_client_that_the_header_names()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, change: settings => settings with
        {
            Clients = new() { Deny = [IPNetwork.Parse("192.0.2.66/32")] },
            RateLimit = new() { Requests = 1, Per = TimeSpan.FromHours(1) },
            Limits = settings.Limits with { MaxConnectionsPerClient = 1 },
        });
        Assert.True(await IsClosedAsync(passage.Gateway.Address, Text.Replace("2.1 ", "2.66 ", StringComparison.Ordinal) + Get));
        await using (var first = await passage.ConnectAsync())
        {
            await first.SendAsync(Text + Get + Get);
            Assert.Equal(200, (await first.ReadAnswerAsync()).Status);
            Assert.Equal(429, (await first.ReadAnswerAsync()).Status);
            Assert.True(await IsClosedAsync(passage.Gateway.Address, Text + Get));
            Assert.Equal(200, (await AskAsync(passage, Text.Replace("2.1 ", "2.2 ", StringComparison.Ordinal) + Get)).Status);
        }

        var admission = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Gateway.Node.Engine.EngineIngress>(passage.Gateway.Services).Admission;
        await Eventually.IsAsync(() => admission.Clients == 0);
    }

    [Theory]
    [InlineData(Text, true)]
    [InlineData(Binary, true)]
    [InlineData("", false)]
    public async Task Connections_over_HTTP_2_begin_with_it_too(string header, bool isServed)
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, change: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                var stream = new NetworkStream(socket, ownsSocket: true);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(header), cancellation);
                return stream;
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (!isServed)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(passage.Gateway.Http2Address));
            return;
        }

        using var answer = await client.GetAsync(passage.Gateway.Http2Address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["192.0.2.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
    }

    /// <summary>A dual-stack listener sees IPv4 peers as IPv6 addresses.</summary>
    [Fact]
    public async Task A_proxy_over_IPv4_is_trusted_by_a_listener_for_both()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, change: settings => settings with
        {
            ListenAddress = new(IPAddress.IPv6Any, 0),
            Http2Address = new(IPAddress.IPv6Any, 0),
            Limits = settings.Limits with { MaxConnectionsPerClient = 1 },
        });
        // Different clients for each listener: one whose connection was just closed may still count.
        foreach (var (address, first, second) in new[] { (passage.Gateway.Address, "2.1 ", "2.2 "), (passage.Gateway.Http2Address, "2.3 ", "2.4 ") })
        {
            await using var client = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
            await client.SendAsync(Encoding.Latin1.GetBytes(Text.Replace("2.1 ", first, StringComparison.Ordinal)));
            await using var other = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
            await other.SendAsync(Encoding.Latin1.GetBytes(Text.Replace("2.1 ", second, StringComparison.Ordinal) + Get));
            Assert.NotEmpty(await other.ReadBytesAsync(1)); // An answer over HTTP/1.1, a refusal of it over HTTP/2: it was admitted.
        }

        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_connections_refused_total"));
    }

    [Fact]
    public async Task Whoever_looks_whether_the_port_is_open_is_not_counted_as_refused()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, change: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        foreach (var address in new[] { passage.Gateway.Address, passage.Gateway.Http2Address })
        {
            await using var probe = await RawClient.ConnectAsync(address);
            await probe.ShutdownSendAsync();
            Assert.Empty(await probe.ReadToEndAsync());
        }

        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_connections_refused_total"));
    }

    [Fact]
    public async Task One_that_has_said_nothing_does_not_hold_up_the_end()
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, change: settings => settings with
        {
            Http2Address = new(IPAddress.Loopback, 0),
            Drain = settings.Drain with { Timeout = TimeSpan.FromMinutes(5) },
        });
        await using var silent = await RawClient.ConnectAsync(passage.Gateway.Http2Address);
        var stopping = passage.Gateway.StopAsync();
        Assert.Empty(await silent.ReadToEndAsync());
        await stopping;
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_connections_refused_total"));
    }

    [Theory]
    [InlineData(Text)]
    [InlineData(Binary)]
    public async Task It_comes_before_TLS(string header)
    {
        await using var passage = await StartAsync(ProxyProtocolMode.Require, isTls: true);
        var address = new IPEndPoint(IPAddress.Loopback, passage.Address.Port);
        await using var client = await RawClient.ConnectAsync(address, isTls: true, header);
        await client.SendAsync(Get + Get);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(["192.0.2.1"], passage.Backend.Requests[^1].Head.Values("X-Forwarded-For"));
        await Assert.ThrowsAnyAsync<IOException>(() => RawClient.ConnectAsync(address, isTls: true));
        Assert.Equal(2, passage.Backend.Requests.Count);
    }

    /// <param name="isTls">TLS begins after the header: a client that begins with TLS must be told to send the header first.</param>
    private static Task<Passage> StartAsync(
        ProxyProtocolMode mode, string trusted = "127.0.0.0/8", Func<GatewaySettings, GatewaySettings>? change = null, bool isTls = false) =>
        Passage.StartAsync(settings: settings =>
        {
            var with = settings with { ProxyProtocol = mode, TrustedProxies = [IPNetwork.Parse(trusted)] };
            return change?.Invoke(with) ?? with;
        }, isTls: isTls);

    private static async Task<RawAnswer> AskAsync(Passage passage, string bytes)
    {
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(bytes));
        return await client.ReadAnswerAsync();
    }

    /// <summary>Whether the connection ends without an answer, with or without a reset.</summary>
    private static async Task<bool> IsClosedAsync(Uri address, string bytes)
    {
        try
        {
            await using var client = await RawClient.ConnectAsync(address);
            await client.SendAsync(Encoding.Latin1.GetBytes(bytes));
            return (await client.ReadToEndAsync()).Length == 0;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return true;
        }
    }
}
