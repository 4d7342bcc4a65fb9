using Gateway.Core.Pools;
using Gateway.Node.AccessLogs;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.AccessLogs;

/// <summary>A replica with an access log in memory, in front of one backend.</summary>
internal sealed class LoggedPassage : IAsyncDisposable
{
    private LoggedPassage(RawBackend backend, TestGateway gateway, MemoryTarget log) => (Backend, Gateway, Log) = (backend, gateway, log);

    public RawBackend Backend { get; }

    public TestGateway Gateway { get; }

    public MemoryTarget Log { get; }

    /// <param name="others">Further backends.</param>
    public static async Task<LoggedPassage> StartAsync(
        Func<RawExchange, Task>? script = null, Func<AccessLogSettings, AccessLogSettings>? log = null, Func<PoolSettings, PoolSettings>? pool = null,
        Func<GatewaySettings, GatewaySettings>? settings = null, IEnumerable<Uri>? others = null)
    {
        var backend = RawBackend.Start(script ?? RawScripts.Answer());
        var target = new MemoryTarget();
        var access = log?.Invoke(AccessLogSettings.Default) ?? AccessLogSettings.Default;
        var gateway = await TestGateway.StartAsync(
            [backend.Address, .. others ?? []],
            pool,
            plain =>
            {
                var with = plain with { AccessLog = access, RequestId = new() { Enabled = true, Echo = true } };
                return settings?.Invoke(with) ?? with;
            },
            services: services => services.AddSingleton<AccessLogTargets>(target));
        return new(backend, gateway, target);
    }

    public Task<RawAnswer> AskAsync(string request) => RawClient.AskAsync(Gateway.Address, request);

    public async ValueTask DisposeAsync()
    {
        Log.GoOn();
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
