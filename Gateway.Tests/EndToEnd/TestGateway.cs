using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Surroundings;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Node.Admin;
using Gateway.Node.Composition;
using Gateway.Node.Engine;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// A whole replica in this process, on ports chosen by the system. Checks invariants at the end: nothing in flight, no permit taken. Keeps its log, so that a
/// test can search it for transitions.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    /// <summary>The carrier of HTTP/1.1 in tests: the default, or GATEWAY_TEST_ENGINE (epoll, io_uring, or a name of <see cref="HttpEngine"/>).</summary>
    public static readonly HttpEngine Engine =
        IsLoopGiven ? HttpEngine.Loops : Enum.Parse<HttpEngine>(Given ?? nameof(HttpEngine.Auto), ignoreCase: true);

    /// <summary>The event notification of its event loops.</summary>
    public static readonly EventLoopSetting EventLoop = IsLoopGiven ? EventLoopSettings.Parse(Given) : EventLoopSetting.Auto;

    /// <summary>The TLS implementation unless a test chooses one: the default, or GATEWAY_TEST_TLS (a name of <see cref="TlsEngine"/>).</summary>
    private static readonly TlsEngine Tls = Enum.Parse<TlsEngine>(Environment.GetEnvironmentVariable("GATEWAY_TEST_TLS") ?? nameof(TlsEngine.Auto), ignoreCase: true);

    private static string? Given => Environment.GetEnvironmentVariable("GATEWAY_TEST_ENGINE");

    private static bool IsLoopGiven => Given is "epoll" or "io_uring";

    /// <summary>Of pools, unless a test chooses: a request that a test holds back is not given up on a slow machine under load.</summary>
    private static readonly TimeoutPolicy Unhurried = new() { Request = TimeSpan.FromMinutes(10), Try = TimeSpan.FromMinutes(5) };

    /// <summary>The time limit for a gateway's shutdown after its test, including its drain.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromMinutes(1);

    private readonly IHost _host;
    private readonly LogRecorder _log;
    private Task? _stopping;

    private TestGateway(IHost host, LogRecorder log)
    {
        _host = host;
        _log = log;
        Admin = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new($"http://{host.Services.GetRequiredService<AdminService>().Address}"),
        };
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    /// <summary>The address of requests.</summary>
    public Uri Address => new($"http://{_host.Services.GetRequiredService<IngressService>().Address}");

    /// <summary>The address of HTTP/2 requests, if configured.</summary>
    public Uri Http2Address => new($"http://{_host.Services.GetRequiredService<IngressService>().Http2Address}");

    /// <summary>The address of requests over TLS, if configured.</summary>
    public Uri TlsAddress => new($"https://{_host.Services.GetRequiredService<IngressService>().TlsAddress}");

    /// <summary>The address of requests for httpcg URLs, if configured.</summary>
    public Uri HttpcgAddress => new($"http://{_host.Services.GetRequiredService<IngressService>().HttpcgAddress}");

    /// <summary>The address of scrapes, if metrics are enabled.</summary>
    public Uri MetricsAddress => new($"http://{_host.Services.GetRequiredService<MetricsService>().Address}/metrics");

    /// <summary>A client of the gateway, without redirects.</summary>
    public HttpClient Client { get; }

    /// <summary>A client of the admin API.</summary>
    public HttpClient Admin { get; }

    /// <summary>The replica's services, for tests.</summary>
    public IServiceProvider Services => _host.Services;

    public IEnumerable<string> Log => _log.Lines;

    /// <summary>The names of the events that it has logged.</summary>
    public IEnumerable<string?> Events => _log.Events;

    public Pool Pool => State.Current.Pools[PoolSettings.DefaultName];

    public GatewayState State => _host.Services.GetRequiredService<GatewayState>();

    /// <summary>
    /// Starts a replica in front of the given backends, with probes off (a test turns them on with <paramref name="pool"/>), and a drain without delay.
    /// </summary>
    /// <param name="clock">The clock of the whole process; null: the system's.</param>
    /// <param name="probe">Whether io_uring is available; null: asks the system.</param>
    /// <param name="services">Replaces services of the replica by the test's.</param>
    public static async Task<TestGateway> StartAsync(
        IEnumerable<Uri> backends, Func<PoolSettings, PoolSettings>? pool = null, Func<GatewaySettings, GatewaySettings>? settings = null,
        TimeProvider? clock = null, LoopProbe? probe = null, Action<IServiceCollection>? services = null)
    {
        var defaults = new PoolSettings
        {
            Name = PoolSettings.DefaultName,
            Endpoints = [.. backends.Select(b => new EndpointSettings(TestEndpoints.Address(b.GetLeftPart(UriPartial.Authority))))],
            Health = new() { Probe = new() { Kind = ProbeKind.None } },
            Timeouts = Unhurried,
        };
        var replica = new GatewaySettings
        {
            GatewayId = "test",
            HttpEngine = Engine,
            EventLoop = EventLoop,
            ListenAddress = new(IPAddress.Loopback, 0),
            AdminAddress = new(IPAddress.Loopback, 0),
            WarmUp = TimeSpan.Zero,
            Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(10) },
            Pools = [pool?.Invoke(defaults) ?? defaults],
        };
        var log = new LogRecorder();
        var host = GatewayHost.Build(WithTls(settings?.Invoke(replica) ?? replica), logging: builder =>
        {
            builder.AddProvider(log);
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
            builder.Services.AddSingleton(probe ?? LoopProbe.OfSystem);
            services?.Invoke(builder.Services);
        });
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.StopAsync();
            host.Dispose();
            throw;
        }

        if (host.Services.GetRequiredService<GatewaySettings>().ClusterAddress is null)
        {
            var overrides = host.Services.GetRequiredService<OverridesHolder>();
            await Eventually.IsAsync(() => overrides.IsRead); // A single replica needs an actor to confirm that there are none.
        }

        return new(host, log);
    }

    private static GatewaySettings WithTls(GatewaySettings settings) =>
        settings.Tls is { Engine: TlsEngine.Auto } tls ? settings with { Tls = tls with { Engine = Tls } } : settings;

    /// <summary>Requests <c>/ready</c> until it succeeds; fails after half a minute.</summary>
    public async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await Client.GetAsync(new Uri("/ready", UriKind.Relative), limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    /// <summary>Applies other settings, like a reload.</summary>
    public Task ReconfigureAsync(Func<GatewaySettings, GatewaySettings> change) =>
        _host.Services.GetRequiredService<PoolsService>().ApplyAsync(change(State.Current.Settings), CancellationToken.None);

    /// <summary>Applies other settings of the pool.</summary>
    public Task ReconfigurePoolAsync(Func<PoolSettings, PoolSettings> change) =>
        ReconfigureAsync(settings => settings with { Pools = [change(settings.Pools[0])] });

    /// <summary>
    /// All metrics in Prometheus' format, once every loop has ended its turn: all answers are counted by then, although a client may have its answer first.
    /// </summary>
    public async Task<string> ScrapeAsync()
    {
        var ended = _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped;
        await _host.Services.GetRequiredService<EngineIngress>().TurnAsync().WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var scrape = new MemoryStream();
        await _host.Services.GetRequiredService<GatewayMetrics>().Registry.CollectAndExportAsTextAsync(scrape);
        return System.Text.Encoding.UTF8.GetString(scrape.ToArray());
    }

    /// <summary>The sum of a metric over all series with these labels; 0 if there are none.</summary>
    public async Task<double> MetricAsync(string name, params (string Name, string Value)[] labels)
    {
        var wanted = labels.Select(l => $"{l.Name}=\"{l.Value}\"").ToImmutableHashSet();
        return (await ScrapeAsync()).Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => wanted.All(w => line.Contains(w, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until the log has so many lines with this text, or events of this name.</summary>
    public Task LoggedAsync(string text, int times = 1) => _log.WaitAsync(text, times);

    /// <summary>
    /// Shuts down as on SIGTERM. When it completes every request has ended, so that counts which are made after the client has its answer can be checked.
    /// </summary>
    /// <param name="hurry">Ends the drain's delay and its wait for requests.</param>
    public Task StopAsync(CancellationToken hurry = default) => _stopping ??= _host.StopAsync(hurry);

    /// <summary>
    /// Fails unless all counts are back to zero. Called only on disposal, after the shutdown: before that, a client may have its answer just before the
    /// request's place is released.
    /// </summary>
    private void AssertQuiet()
    {
        foreach (var endpoint in State.Current.Pools.Values.SelectMany(p => p.Endpoints))
        {
            Assert.Equal((endpoint.Id, 0), (endpoint.Id, endpoint.Cell.InFlight));
            Assert.Equal((endpoint.Id, 0), (endpoint.Id, endpoint.Cell.Breaker.Trials));
            var connections = _host.Services.GetRequiredService<IConnectionCounts>().Read(endpoint.Cell);
            Assert.True(connections.Idle >= 0 && connections.Open >= connections.Idle && connections.Waiting == 0, $"{endpoint.Id}: {connections}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        using var limit = new CancellationTokenSource(ExitTimeout); // A test that failed during a drain of an hour ends regardless.
        await StopAsync(limit.Token).WaitAsync(2 * ExitTimeout);
        AssertQuiet();
        var unexpected = _log.Lines
            .Where(line => line.Contains("unexpected error", StringComparison.Ordinal))
            .ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
        switch (_host)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            default:
                _host.Dispose();
                break;
        }
    }
}
