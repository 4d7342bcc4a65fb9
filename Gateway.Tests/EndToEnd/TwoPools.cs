using System.Net;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>A replica in front of the pools <c>default</c> and <c>other</c>, each with one backend that answers with its pool's name.</summary>
internal sealed class TwoPools : IAsyncDisposable
{
    private readonly RawBackend _default;
    private readonly RawBackend _other;
    private readonly bool _http2;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    private TwoPools(RawBackend standard, RawBackend other, TestGateway gateway, bool http2) =>
        (_default, _other, Gateway, _http2) = (standard, other, gateway, http2);

    public TestGateway Gateway { get; }

    /// <param name="http2">Whether its client speaks HTTP/2.</param>
    /// <param name="script">Returns a backend's script for its pool's name; null: 200 and the name.</param>
    /// <param name="pool">Changes each pool.</param>
    public static async Task<TwoPools> StartAsync(
        IEnumerable<RouteSettings> routes, bool http2 = false, Func<string, Func<RawExchange, Task>>? script = null, Func<PoolSettings, PoolSettings>? pool = null)
    {
        script ??= name => RawScripts.Answer(body: name);
        var (standard, other) = (RawBackend.Start(script("default")), RawBackend.Start(script("other")));
        var gateway = await TestGateway.StartAsync([standard.Address], pool, settings: settings => settings with
        {
            Http2Address = new(IPAddress.Loopback, 0),
            Pools = [.. settings.Pools, With(pool, new()
            {
                Name = "other",
                Endpoints = [new EndpointSettings(TestEndpoints.Address(other.Address.GetLeftPart(UriPartial.Authority)))],
                Health = new() { Probe = new() { Kind = ProbeKind.None } },
            })],
            Routes = [.. routes],
        });
        return new(standard, other, gateway, http2);
    }

    public RawBackend Of(string pool) => pool == "other" ? _other : _default;

    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string target, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_http2 ? Gateway.Http2Address : Gateway.Address, target))
        {
            Version = _http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        change?.Invoke(request);
        return _client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Gateway.DisposeAsync();
        await _default.DisposeAsync();
        await _other.DisposeAsync();
    }

    private static PoolSettings With(Func<PoolSettings, PoolSettings>? change, PoolSettings pool) => change?.Invoke(pool) ?? pool;
}
