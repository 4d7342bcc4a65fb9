using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Sample;

/// <summary>
/// A backend for trying the gateway: it answers, and can be made to misbehave while it runs. Many fit into one process: it reads no configuration, writes no
/// logs and handles no signals.
/// </summary>
public sealed class SampleBackend : IAsyncDisposable
{
    /// <summary>The time for requests in progress to finish at shutdown; waiting or hanging ones end at once.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Behaviour _behaviour = new();
    private readonly Tally _tally = new();
    private readonly WebApplication _app;
    private int _disposed;

    private SampleBackend(SampleBackendOptions options)
    {
        Name = options.Name;
        _app = Build(options);
    }

    public string Name { get; }

    /// <summary>Its address, with the bound port: <c>http://127.0.0.1:8001/</c>.</summary>
    public Uri Address { get; private set; } = null!;

    public BackendMode Mode => _behaviour.Now.Mode;

    public BackendCounts Counts => _tally.Read();

    /// <summary>Starts listening. Throws <see cref="IOException"/> if the address cannot be listened on.</summary>
    public static async Task<SampleBackend> StartAsync(SampleBackendOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var backend = new SampleBackend(options);
        try
        {
            await backend._app.StartAsync(cancellation);
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }

        backend.Address = new Uri(backend._app.Urls.Single());
        return backend;
    }

    /// <summary>Changes the mode, like <c>POST /-/behave</c>.</summary>
    /// <param name="slowBy">The delay that <see cref="BackendMode.Slow"/> adds to each answer.</param>
    public void Become(BackendMode mode, TimeSpan slowBy = default) => _behaviour.Become(mode, slowBy);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync();
            await _app.StopAsync();
            await _app.DisposeAsync();
            _stopping.Dispose();
        }
    }

    private WebApplication Build(SampleBackendOptions options)
    {
        // The empty builder instead of the slim one: no environment, no settings file, no file watcher per instance.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = FinishWithin);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowHostHeaderOverride = true;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(Counted);
            });
        });
        var app = builder.Build();
        app.Run(new Traffic(options, _behaviour, _tally, _stopping.Token).HandleAsync);
        return app;
    }

    private ConnectionDelegate Counted(ConnectionDelegate next) => async connection =>
    {
        _tally.Connected();
        try
        {
            await next(connection);
        }
        finally
        {
            _tally.Disconnected();
        }
    };

    /// <summary>The owner stops it; a host's own lifetime would handle the process's signals.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
