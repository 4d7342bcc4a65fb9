using System.Net;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>
/// One replica in front of one backend, both on real sockets: input on one side, output on the other. With GATEWAY_TEST_INGRESS=tls clients use TLS, so that
/// the same rules are checked for HTTP/1.1 over TLS.
/// </summary>
internal sealed class Passage : IAsyncDisposable
{
    private readonly Certificates? _certificates;

    private Passage(RawBackend backend, TestGateway gateway, Certificates? certificates) => (Backend, Gateway, _certificates) = (backend, gateway, certificates);

    /// <summary>Whether clients use TLS unless a test chooses.</summary>
    public static bool IsTlsAsked { get; } = Environment.GetEnvironmentVariable("GATEWAY_TEST_INGRESS") == "tls";

    public RawBackend Backend { get; }

    public TestGateway Gateway { get; }

    /// <summary>Whether its clients use TLS.</summary>
    public bool IsTls => _certificates is not null;

    /// <summary>The address for its clients.</summary>
    public Uri Address => IsTls ? Gateway.TlsAddress : Gateway.Address;

    /// <summary>The scheme of its clients' requests.</summary>
    public string Scheme => Address.Scheme;

    /// <summary>Host and port of the backend, as in metrics and the Host field.</summary>
    public string BackendLabel => Backend.EndPoint.ToString();

    /// <param name="script">The backend's script; by default it answers 200 with <c>ok</c>.</param>
    /// <param name="isTls">Whether its clients use TLS; null: see <see cref="IsTlsAsked"/>.</param>
    /// <param name="clock">The clock of the replica; null: the system's.</param>
    public static async Task<Passage> StartAsync(
        Func<RawExchange, Task>? script = null,
        Func<PoolSettings, PoolSettings>? pool = null,
        Func<GatewaySettings, GatewaySettings>? settings = null,
        bool? isTls = null,
        TimeProvider? clock = null)
    {
        var backend = RawBackend.Start(script ?? RawScripts.Answer());
        Certificates? certificates = null;
        var gateway = await TestGateway.StartAsync([backend.Address], pool, s =>
        {
            var with = settings?.Invoke(s) ?? s;
            certificates = (isTls ?? IsTlsAsked) && with.Tls is null ? new() : null; // A test with TLS settings of its own decides how its clients connect.
            return certificates is null ? with : with with { Tls = TlsBy(certificates) };
        }, clock);
        return new(backend, gateway, certificates);
    }

    /// <summary>A replica in front of a backend that answers each request with exactly these bytes and closes.</summary>
    public static Task<Passage> AnsweringAsync(string answer) => StartAsync(RawScripts.Exactly(answer));

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Address, IsTls);

    /// <summary>The client's answer to one request.</summary>
    public Task<RawAnswer> AskAsync(string request) => RawClient.AskAsync(Address, request, IsTls);

    /// <summary>The client's answer to one request, once the gateway has completed and counted everything for it.</summary>
    public async Task<RawAnswer> AskAndSettleAsync(string request)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(request);
        var answer = await client.ReadAnswerAsync(request.Split(' ')[0]);
        await SettleAsync(client);
        return answer;
    }

    /// <summary>The request as received by the backend.</summary>
    public async Task<RawRequest> SendAsync(string request)
    {
        var answer = await AskAsync(request);
        Assert.Equal(200, answer.Status);
        return Backend.Requests[^1];
    }

    /// <summary>Waits until all earlier requests on the connection are over: the server begins the next one only when the last is done.</summary>
    public static async Task SettleAsync(RawClient client)
    {
        await client.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
    }

    /// <summary>Fails unless the request is refused with this status, its connection closed, and the backend left alone.</summary>
    public async Task<RawAnswer> AssertRefusedAsync(int status, string request)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadAnswerAsync(request.Split(' ')[0]);
        Assert.Equal(status, answer.Status);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(0, Backend.ConnectionsAccepted);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
        _certificates?.Dispose();
    }

    private static TlsSettings TlsBy(Certificates certificates)
    {
        var file = certificates.FileFor("gateway.example");
        return new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] };
    }
}
