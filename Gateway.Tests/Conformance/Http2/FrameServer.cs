using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>A replica that serves HTTP/2 in front of an HTTP/1.1 backend. Disposal fails unless all counts are back to zero.</summary>
public sealed class FrameServer : IAsyncDisposable
{
    private readonly TestGateway _gateway;

    private FrameServer(RawBackend backend, TestGateway gateway) => (Backend, _gateway) = (backend, gateway);

    public RawBackend Backend { get; }

    /// <summary>Whether Kestrel serves HTTP/2, which implements some rules differently.</summary>
    public static bool IsKestrel => TestGateway.Engine == HttpEngine.Kestrel;

    internal TestGateway Gateway => _gateway;

    internal static async Task<FrameServer> StartAsync(Func<RawExchange, Task>? script = null, Func<GatewaySettings, GatewaySettings>? settings = null)
    {
        var backend = RawBackend.Start(script ?? RawScripts.Answer());
        return new(backend, await TestGateway.StartAsync(
            [backend.Address], settings: own => (settings ?? (same => same))(own with { Http2Address = new(IPAddress.Loopback, 0) })));
    }

    internal Task<FrameClient> ConnectAsync(params (Gateway.Http.Http2.SettingId Id, uint Value)[] settings) => FrameClient.ConnectAsync(_gateway.Http2Address, settings);

    internal Task<FrameClient> OpenAsync() => FrameClient.OpenAsync(_gateway.Http2Address);

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
