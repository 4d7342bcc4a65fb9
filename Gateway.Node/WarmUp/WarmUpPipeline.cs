using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Connecting;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Node.Engine;
using Gateway.Node.Engine.Http2;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Node.Tls;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Node.WarmUp;

/// <summary>
/// A second data path beside the real one: the same code and settings from the socket on, but with its own metrics, pools and connections, in front of a sink.
/// It leaves no trace in the real one except compiled code.
/// </summary>
internal sealed class WarmUpPipeline : IAsyncDisposable
{
    private const int Endpoints = 3;

    /// <summary>The pool used if there are none: defaults.</summary>
    private static readonly PoolSettings Nothing = new() { Name = PoolSettings.DefaultName, Endpoints = [] };

    private readonly WarmUpSink[] _sinks = [.. Enumerable.Range(0, Endpoints).Select(_ => new WarmUpSink())];
    private readonly Http2Pools _http2;
    private readonly EngineIngress _engine;
    private readonly IngressService _ingress;

    public WarmUpPipeline(GatewaySettings settings, LoopChoice loops, TimeProvider clock)
    {
        var tls = new BackendTls();
        _http2 = new Http2Pools(tls, clock, RequestRandom.NextUnit);
        var connections = new ConnectionCounts();
        var metrics = new GatewayMetrics(connections, clock);
        var alone = new ClusterOptions { GatewayId = settings.GatewayId };
        var state = new GatewayState(clock, alone, new ClusterViews(alone), new EvidenceLedger(), new OverridesHolder(), new Vitals());
        var own = settings with
        {
            ListenAddress = new IPEndPoint(IPAddress.Loopback, 0),
            Http2Address = null, // The real one uses it.
            HttpcgAddress = null,
            HttpcgTls = false,
            Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(1) },
            Routes = [],
            Tls = null,
            Limits = LimitSettings.Default, // Client limits would refuse the warm-up, which is many clients from one address.
            Hosts = [],
            Clients = null,
            ProxyProtocol = ProxyProtocolMode.Off,
        };
        var pool = PoolLike(settings.Pools.FirstOrDefault(p => p.Name == PoolSettings.DefaultName) ?? settings.Pools.FirstOrDefault() ?? Nothing);
        var pools = ImmutableDictionary<string, Pool>.Empty.Add(pool.Name, pool);
        state.Publish(new(own, new RouteTable<Pool>([], _ => pool), pools));
        _engine = new EngineIngress(own, state, metrics, new(connections, _http2, tls), Http2Clients.Of, clock, NullLoggerFactory.Instance);
        _ingress = new IngressService(
            own, state, _engine, loops, metrics, new CertificateStore(metrics, clock, NullLogger<CertificateStore>.Instance), NullLoggerFactory.Instance);
    }

    public IPEndPoint Address => _ingress.Address;

    public Task StartAsync(CancellationToken cancellation) => _ingress.StartAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _ingress.StopAsync(CancellationToken.None);
        await _ingress.DisposeAsync();
        _engine.Dispose();
        _http2.Dispose();
        foreach (var sink in _sinks)
        {
            await sink.DisposeAsync();
        }
    }

    /// <summary>A pool with the strategy and policies of a real one, in front of the sink.</summary>
    private Pool PoolLike(PoolSettings real)
    {
        var settings = real with
        {
            Name = PoolSettings.DefaultName,
            Endpoints = [.. _sinks.Select(sink => new EndpointSettings(AddressOf(sink)))],
            Health = HealthPolicy.Default,
            Connections = ConnectionPolicy.Default, // The sink speaks HTTP/1.1.
            AdaptiveConcurrency = null,
        };
        var pool = new Pool(settings);
        ImmutableArray<PoolMember> members =
            [.. settings.Endpoints.Select(e => new PoolMember(new(new(new(pool.Name, e.Address), settings.Breaker, settings.Connections.Max)), e))];
        pool.Publish(settings, settings, members, view: null, now: TimeSpan.Zero);
        return pool;
    }

    private static EndpointAddress AddressOf(WarmUpSink sink) =>
        EndpointAddress.TryParse($"http://{sink.Address}", out var address, out var fault) ? address : throw new InvalidOperationException(fault);
}
