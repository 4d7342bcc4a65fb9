using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>One replica before one backend, both on real sockets: what goes in on one side and comes out on the other.</summary>
internal sealed class Passage : IAsyncDisposable
{
    private Passage(RawBackend backend, TestGateway gateway)
    {
        Backend = backend;
        Gateway = gateway;
    }

    public RawBackend Backend { get; }

    public TestGateway Gateway { get; }

    /// <summary>Host and port of the backend, as metrics and the Host field name it.</summary>
    public string BackendLabel => Backend.EndPoint.ToString();

    /// <param name="script">What the backend does; by default it answers 200 with <c>ok</c>.</param>
    public static async Task<Passage> StartAsync(
        Func<RawExchange, Task>? script = null,
        Func<PoolSettings, PoolSettings>? pool = null,
        Func<GatewaySettings, GatewaySettings>? settings = null)
    {
        var backend = RawBackend.Start(script ?? RawScripts.Answer());
        return new(backend, await TestGateway.StartAsync([backend.Address], pool, settings));
    }

    /// <summary>A replica before a backend that answers each request with exactly these bytes and closes.</summary>
    public static Task<Passage> AnsweringAsync(string answer) => StartAsync(RawScripts.Exactly(answer));

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Gateway.Address);

    /// <summary>What the client gets for one request.</summary>
    public Task<RawAnswer> AskAsync(string request) => RawClient.AskAsync(Gateway.Address, request);

    /// <summary>What the client gets for one request, once the gateway has done and counted everything that belongs to it.</summary>
    public async Task<RawAnswer> AskAndSettleAsync(string request)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(request);
        var answer = await client.ReadAnswerAsync(request.Split(' ')[0]);
        await SettleAsync(client);
        return answer;
    }

    /// <summary>What the backend sees of one request.</summary>
    public async Task<RawRequest> SendAsync(string request)
    {
        var answer = await AskAsync(request);
        Assert.Equal(200, answer.Status);
        return Backend.Requests[^1];
    }

    /// <summary>
    /// Waits until all earlier requests of the connection are over: the server takes up the next one only when it is done with the last.
    /// </summary>
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
    }
}
