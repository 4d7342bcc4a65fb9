using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Gateway.Node.Admin;
using Gateway.Node.Composition;
using Gateway.Node.Hosting;
using Gateway.Node.Sample;
using Gateway.Node.Settings;

namespace Gateway.Node.Demo;

/// <summary>
/// Three replicas in the zones a, b and c in front of four sample backends, all in this process and on loopback. Each replica is complete, with its own actors,
/// metrics and settings; they find each other as on three machines.
/// </summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    public const int Replicas = 3;
    public const int BackendCount = 4;

    private static readonly string[] Zones = ["a", "b", "c"];

    /// <summary>The time limit for the replicas to find each other; they need a few seconds.</summary>
    private static readonly TimeSpan FormationTimeout = TimeSpan.FromSeconds(60);

    private readonly List<SampleBackend> _backends = [];
    private readonly List<(IHost Host, GatewaySettings Settings)> _replicas = [];
    private ImmutableArray<HostPort> _seed = [];

    /// <summary>Name, zone, the addresses of requests, of the live page and of metrics, and the cluster address.</summary>
    public IEnumerable<(string Id, string? Zone, IPEndPoint Requests, IPEndPoint Page, IPEndPoint? Metrics, string Cluster)> Gateways => _replicas.Select(r => (
        r.Settings.GatewayId,
        r.Settings.Zone,
        r.Host.Services.GetRequiredService<IngressService>().Address,
        r.Host.Services.GetRequiredService<AdminService>().Address,
        r.Host.Services.GetRequiredService<MetricsService>().Address,
        ViewsOf(r.Host).Current.Self.Id.Address));

    /// <summary>Name, zone and address.</summary>
    public IEnumerable<(string Name, string Zone, Uri Address)> Backends =>
        _backends.Select((backend, i) => (backend.Name, Zones[i % Zones.Length], backend.Address));

    /// <summary>Starts backends, then replicas. Throws <see cref="IOException"/> when a port is taken; nothing is left running then.</summary>
    /// <param name="ports">The ports to listen on.</param>
    /// <param name="logging">Configures each replica's logging, by name.</param>
    public static async Task<DemoCluster> StartAsync(
        DemoPorts ports, Action<string, ILoggingBuilder> logging, CancellationToken cancellation = default)
    {
        var cluster = new DemoCluster();
        try
        {
            for (var i = 0; i < BackendCount; i++)
            {
                var listen = new IPEndPoint(IPAddress.Loopback, ports.Backend(i));
                cluster._backends.Add(await SampleBackend.StartAsync(new() { Name = $"backend-{i + 1}", Listen = listen }, cancellation));
            }

            for (var i = 0; i < Replicas; i++)
            {
                await cluster.StartReplicaAsync(i, ports, logging, cancellation);
            }

            await cluster.FormedAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(r => r.Host.StopAsync()));
        _replicas.ForEach(r => r.Host.Dispose());
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    private async Task StartReplicaAsync(int index, DemoPorts ports, Action<string, ILoggingBuilder> logging, CancellationToken cancellation)
    {
        var settings = new GatewaySettings
        {
            GatewayId = $"gateway-{index + 1}",
            Zone = Zones[index],
            ClusterAddress = new(IPAddress.Loopback.ToString(), ports.Cluster(index)),
            SeedNodes = [.. _seed],
            ListenAddress = new(IPAddress.Loopback, ports.Gateway(index)),
            MetricsEnabled = true,
            MetricsAddress = new(IPAddress.Loopback, ports.Metrics(index)),
            AdminAddress = new(IPAddress.Loopback, ports.Admin(index)),
            WarmUp = TimeSpan.Zero, // Three at once would only compete.
            Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(5) },
            Pools = [PoolOf(Backends)],
        };
        var host = GatewayHost.Build(settings, logging: builder => logging(settings.GatewayId, builder));
        _replicas.Add((host, settings));
        await host.StartAsync(cancellation);
        if (_seed.IsEmpty)
        {
            // The first one's address is known when it listens; it is the others' seed.
            var view = await WhenAsync(host, v => v.Self.Id.Uid != 0, cancellation);
            _seed = HostPort.TryParse(view.Self.Id.Address, out var seed) ? [seed] : throw new IOException($"{view.Self.Id} is not an address");
        }
    }

    /// <summary>Waits until every replica has all others in its cluster, by name.</summary>
    private async Task FormedAsync(CancellationToken cancellation)
    {
        var names = _replicas.Select(r => r.Settings.GatewayId).ToHashSet();
        foreach (var (host, _) in _replicas)
        {
            await WhenAsync(host, view => names.IsSubsetOf(view.ReachableGateways.Select(g => g.Name)), cancellation);
        }
    }

    private static async Task<ClusterView> WhenAsync(IHost host, Func<ClusterView, bool> holds, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FormationTimeout);
        try
        {
            return await ViewsOf(host).WhenAsync(holds, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("The replicas did not form a cluster; is a cluster port in use?");
        }
    }

    private static ClusterViews ViewsOf(IHost host) => host.Services.GetRequiredService<ClusterViews>();

    /// <summary>Probed every second, so that a user who makes a backend fail sees the effect soon.</summary>
    private static PoolSettings PoolOf(IEnumerable<(string Name, string Zone, Uri Address)> backends) => new()
    {
        Name = PoolSettings.DefaultName,
        Endpoints = [.. backends.Select(b => new EndpointSettings(AddressOf(b.Address), Zone: b.Zone))],
        Health = new() { Interval = TimeSpan.FromSeconds(1), Probe = new ProbeSpec { Timeout = TimeSpan.FromSeconds(1) } },
    };

    private static EndpointAddress AddressOf(Uri address) =>
        EndpointAddress.TryParse(address.GetLeftPart(UriPartial.Authority), out var parsed, out var fault)
            ? parsed
            : throw new ArgumentException($"'{address}' {fault}", nameof(address));
}
