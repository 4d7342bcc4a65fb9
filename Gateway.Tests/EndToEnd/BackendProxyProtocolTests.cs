using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gateway.Core.Connecting;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>PROXY protocol headers to backends: the client they name, and that no connection serves another client.</summary>
public sealed class BackendProxyProtocolTests : IAsyncLifetime
{
    private const string Ask = "GET / HTTP/1.1\r\nHost: x\r\n";

    /// <summary>The greetings received, in order; for a connection without one, its first bytes.</summary>
    private readonly ConcurrentQueue<Greeting> _greetings = new();
    private readonly RawBackend _backend;
    private Func<RawExchange, Task> _answer = exchange => exchange.AnswerAsync(200, "ok");

    public BackendProxyProtocolTests() => _backend = RawBackend.Start(ServeAsync);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData(BackendProxyProtocol.V1)]
    [InlineData(BackendProxyProtocol.V2)]
    public async Task Each_request_has_a_connection_of_its_own_that_begins_with_its_client(BackendProxyProtocol version)
    {
        await using var gateway = await StartAsync(version);
        await using var one = await RawClient.ConnectAsync(gateway.Address);
        await using var other = await RawClient.ConnectAsync(gateway.Address);
        foreach (var client in (RawClient[])[one, other, one])
        {
            await client.SendAsync(Ask + "\r\n");
            Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        }

        var seen = _greetings.ToList();
        Assert.All(seen, greeting => Assert.Equal((IPAddress.Loopback, version), (greeting.Source!.Address, greeting.Version)));
        Assert.Equal([seen[0].Source, seen[2].Source], [seen[2].Source, seen[0].Source]);
        Assert.NotEqual(seen[0].Source, seen[1].Source);
        Assert.All(seen, greeting => Assert.NotEqual(0, greeting.Source!.Port));
        Assert.Equal([(0, 0), (1, 0), (2, 0)], _backend.Requests.Select(request => (request.Connection, request.NumberOnConnection)));
        await Eventually.IsAsync(() => _backend.ConnectionsOpen == 0);
    }

    [Theory]
    [InlineData("192.0.2.7", BackendProxyProtocol.V1, "PROXY TCP4 192.0.2.7 127.0.0.1 0 0\r\n")]
    [InlineData("2001:db8::7", BackendProxyProtocol.V1, "PROXY TCP6 2001:db8::7 ::ffff:127.0.0.1 0 0\r\n")]
    [InlineData("192.0.2.7", BackendProxyProtocol.V2, "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\x7f\0\0\x01\0\0\0\0")]
    [InlineData("2001:db8::7", BackendProxyProtocol.V2, "\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\x01\0\0\0\0")]
    public async Task A_client_that_a_trusted_proxy_forwards_is_named_to_the_byte(string client, BackendProxyProtocol version, string header)
    {
        await using var gateway = await StartAsync(version);
        await gateway.ReconfigureAsync(settings => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        await RawClient.AskAsync(gateway.Address, $"{Ask}X-Forwarded-For: {client}\r\n\r\n");
        Assert.Equal(header, Assert.Single(_greetings).Text);
    }

    [Theory]
    [InlineData(TlsEngine.OpenSsl)]
    [InlineData(TlsEngine.SslStream)]
    public async Task A_client_over_TLS_is_named_with_its_port(TlsEngine engine)
    {
        using var certificates = new Certificates();
        var file = certificates.FileFor("gateway.example");
        await using var gateway = await StartAsync(BackendProxyProtocol.V1, settings: settings => settings with
        {
            HttpEngine = HttpEngine.Loops,
            Tls = new() { Address = new(IPAddress.Loopback, 0), Engine = engine, Certificates = [new(file, file, IsDefault: true)] },
        });
        await using var client = await RawClient.ConnectAsync(gateway.TlsAddress, isTls: true);
        await client.SendAsync(Ask + "\r\n");
        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        Assert.Equal(client.LocalEndPoint, Assert.Single(_greetings).Source);
    }

    [Fact]
    public async Task A_retry_names_the_client_too()
    {
        var failed = 0;
        _answer = exchange => Interlocked.Increment(ref failed) == 1 ? Task.Run(exchange.Reset) : exchange.AnswerAsync(200, "ok");
        await using var gateway = await StartAsync(BackendProxyProtocol.V2);
        Assert.Equal("ok", (await RawClient.AskAsync(gateway.Address, Ask + "\r\n")).BodyText);
        Assert.Equal(2, _greetings.Count);
        Assert.Single(_greetings.Select(greeting => greeting.Source).Distinct());
    }

    [Fact]
    public async Task Requests_that_wait_for_room_get_a_connection_of_their_own()
    {
        var gate = new TaskCompletionSource();
        _answer = async exchange =>
        {
            await gate.Task;
            await exchange.AnswerAsync(200, "ok");
        };
        await using var gateway = await StartAsync(BackendProxyProtocol.V2, pool => pool with { Connections = pool.Connections with { Max = 1, QueueTimeout = TimeSpan.FromMinutes(1) } });
        var asked = Enumerable.Range(0, 4).Select(_ => RawClient.AskAsync(gateway.Address, Ask + "\r\n")).ToList();
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_queue_length") == 3);
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal("ok", answer.BodyText));
        Assert.Equal(4, _greetings.Select(greeting => greeting.Source).Distinct().Count());
    }

    /// <summary>A connection from before the reload names no client, or another one.</summary>
    [Fact]
    public async Task A_reload_that_turns_it_on_or_off_uses_no_connection_from_before()
    {
        await using var gateway = await StartAsync(BackendProxyProtocol.Off);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        foreach (var version in (BackendProxyProtocol[])[BackendProxyProtocol.Off, BackendProxyProtocol.V1, BackendProxyProtocol.V2, BackendProxyProtocol.Off])
        {
            await gateway.ReconfigurePoolAsync(pool => pool with { Connections = pool.Connections with { ProxyProtocol = version } });
            await client.SendAsync(Ask + "\r\n");
            Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        }

        Assert.Equal([BackendProxyProtocol.V1, BackendProxyProtocol.V2], _greetings.Select(greeting => greeting.Version));
        Assert.InRange(_backend.ConnectionsAccepted, 3, 4); // The last request may have found the connection of the first.
    }

    [Fact]
    public async Task Over_tls_it_comes_before_the_handshake()
    {
        var first = new TaskCompletionSource<byte[]>();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await GreetingOf(exchange);
            first.TrySetResult(await exchange.ReadBytesAsync(2));
            exchange.Reset();
        });
        await using var gateway = await TestGateway.StartAsync(
            [new Uri($"https://{backend.EndPoint}")], pool => pool with { Connections = pool.Connections with { ProxyProtocol = BackendProxyProtocol.V2 }, Retry = pool.Retry with { Attempts = 0 } });
        Assert.Equal(502, (await RawClient.AskAsync(gateway.Address, Ask + "\r\n")).Status);
        Assert.Equal([0x16, 0x03], await first.Task); // A handshake record.
    }

    [Theory]
    [InlineData(ProbeKind.Http, BackendProxyProtocol.V1, "PROXY UNKNOWN\r\n")]
    [InlineData(ProbeKind.Http, BackendProxyProtocol.V2, "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0")]
    [InlineData(ProbeKind.Tcp, BackendProxyProtocol.V2, "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0")]
    public async Task A_probe_begins_with_a_header_that_names_nobody(ProbeKind kind, BackendProxyProtocol version, string header)
    {
        await using var gateway = await StartAsync(version, pool => pool with { Health = new() { Probe = new() { Kind = kind, ProxyProtocol = version } } });
        await Eventually.IsAsync(() => _greetings.Any(greeting => greeting.Text == header && greeting.Source is null));
    }

    [Fact]
    public async Task A_copy_names_the_client_too()
    {
        await using var served = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([served.Address], settings: settings => settings with
        {
            Pools = [.. settings.Pools, settings.Pools[0] with
            {
                Name = "copies", Endpoints = [new(TestEndpoints.Address(_backend.Address.GetLeftPart(UriPartial.Authority)))],
                Connections = new() { ProxyProtocol = BackendProxyProtocol.V1 },
            }],
            Routes = [new RouteSettings { Name = "mirrored", Pool = "default", Mirror = new() { Pool = "copies" } }],
        });
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        await _backend.WaitForRequestsAsync(1);
        Assert.Equal(IPAddress.Loopback, Assert.Single(_greetings).Source!.Address);
    }

    private Task<TestGateway> StartAsync(
        BackendProxyProtocol version, Func<PoolSettings, PoolSettings>? change = null, Func<GatewaySettings, GatewaySettings>? settings = null) => TestGateway.StartAsync(
        [_backend.Address],
        pool =>
        {
            pool = pool with { Connections = pool.Connections with { ProxyProtocol = version } };
            return change?.Invoke(pool) ?? pool;
        },
        settings);

    private async Task ServeAsync(RawExchange exchange)
    {
        if (exchange.NumberOnConnection == 0 && await GreetingOf(exchange) is { } greeting)
        {
            _greetings.Enqueue(greeting);
        }

        await exchange.ReadRequestAsync();
        await _answer(exchange);
    }

    /// <summary>Reads the greeting byte by byte, so that nothing after it is read; null: the connection begins with a request.</summary>
    private static async Task<Greeting?> GreetingOf(RawExchange exchange)
    {
        if (await exchange.PeekAsync() is not ((byte)'P' or (byte)'\r'))
        {
            return null;
        }

        var bytes = new List<byte>();
        while (true)
        {
            bytes.AddRange(await exchange.ReadBytesAsync(1));
            var header = ProxyGreeting.Read(bytes.ToArray(), GreetingRule.Possible, out var source);
            if (header.State == ProxyHeaderState.Complete)
            {
                return new(Encoding.Latin1.GetString([.. bytes]), source);
            }

            Assert.Equal(ProxyHeaderState.Incomplete, header.State);
        }
    }

    private sealed record Greeting(string Text, IPEndPoint? Source)
    {
        public BackendProxyProtocol Version => Text[0] == 'P' ? BackendProxyProtocol.V1 : BackendProxyProtocol.V2;
    }
}
