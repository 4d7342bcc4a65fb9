using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Journal;
using Gateway.Actors.Local;
using Gateway.Core.Pools;
using Gateway.Node.Limiting;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Node.Tls;
using Gateway.Upstream;

namespace Gateway.Node.Hosting;

/// <summary>Applies settings: the actors create the pools, then routes and settings are swapped as one; then the log level.</summary>
internal sealed class PoolsService(
    IRequiredActor<PoolsActor> pools, GatewayState state, GatewayMetrics metrics, BackendTls tls, CertificateStore certificates, LogLevels levels, GatewaySettings initial) : IHostedService
{
    /// <summary>
    /// The time limit for the actors: they take milliseconds, or longer on a busy machine that starts many at once. Giving up here would fail startup.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public Task StartAsync(CancellationToken cancellationToken) => ApplyAsync(initial, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Completes when requests use the new settings. Throws <see cref="IOException"/>, with nothing changed, if one of their files cannot be used.
    /// </summary>
    public async Task ApplyAsync(GatewaySettings settings, CancellationToken cancellationToken)
    {
        var running = state.Configured?.Settings ?? initial;
        settings = SettingsChange.InForce(initial, running, settings);
        var served = await certificates.ReadAsync(settings.Tls.Resolve(initial.HttpEngine), cancellationToken);
        tls.Read(settings.Pools.Select(pool => pool.Connections.Tls));
        var keys = await ReadKeysAsync(settings, cancellationToken);
        var actor = await pools.GetAsync(cancellationToken);
        var configured = await actor.Ask<PoolsConfigured>(new ConfigurePools(settings.Pools), Patience, cancellationToken);
        var limiters = (state.Configured?.Limiters ?? RateLimiters.None).With(
            settings.RateLimit, settings.Routes.Where(r => r.RateLimit is not null).Select(r => (r.Name, r.RateLimit!)));
        var table = new RouteTable<Pool>(settings.Routes, name => configured.Pools[name], file => keys[file], limiters);
        metrics.Watch(configured.Pools);
        metrics.Limits.Watch(limiters, settings.Routes);
        metrics.Mirrors.Watch(settings.Routes);
        certificates.Use(served);
        state.Publish(new(settings, table, configured.Pools) { Limiters = limiters });
        if (settings.LogLevel != running.LogLevel)
        {
            levels.Level = settings.LogLevel; // Otherwise an operator's level stays.
        }
    }

    /// <summary>Reads the affinity keys, by file.</summary>
    private static async Task<Dictionary<string, byte[]>> ReadKeysAsync(GatewaySettings settings, CancellationToken cancellation)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in settings.Routes.Select(r => r.Affinity?.KeyFile).OfType<string>().Distinct())
        {
            keys[file] = AffinityKey.Parse(await File.ReadAllTextAsync(file, cancellation)) ?? throw new IOException($"{file} contains no affinity key");
        }

        return keys;
    }
}
