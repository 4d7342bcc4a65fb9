using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The engine's side of the ingress: its loops, one per core, and its listening socket. The first loop accepts and passes each connection to the loop with the
/// fewest. Without a socket of its own, another server's transport brings the clients, and the loops may be portable ones.
/// </summary>
internal sealed partial class EngineIngress(
    GatewaySettings settings, GatewayState state, GatewayMetrics metrics, BackendAccess backends, Func<ProxyLoop, IHttp2Clients> http2, TimeProvider clock,
    ILoggerFactory loggers) : IDisposable
{
    /// <summary>The system reduces it to its own limit.</summary>
    private const int ListenBacklog = 4096;

    /// <summary>How often the drain checks whether all clients have left.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The time for WebSockets to close in order after the drain; the rest are reset.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = loggers.CreateLogger<EngineIngress>();
    private ImmutableArray<ProxyLoop> _loops = [];
    private readonly List<(Listener Listener, Socket Socket)> _listeners = [];
    private int _maxClients;

    /// <summary>Whether buffers are poisoned and guarded, and a miscount throws; for tests, set by the variable WIRE_CHECKED_BUFFERS.</summary>
    public static readonly bool IsChecked = Environment.GetEnvironmentVariable("WIRE_CHECKED_BUFFERS") == "1";

    /// <summary>How requests are recorded.</summary>
    public RequestRecording Recording { get; init; }

    /// <summary>Receives a record of each request; null: none.</summary>
    public AccessQueue? Access => Recording.Access;

    /// <summary>Admits clients' connections.</summary>
    public ClientAdmission Admission { get; } = new(state, metrics);

    /// <summary>The clock of the loops.</summary>
    public TimeProvider Clock => clock;

    /// <summary>
    /// All clients: those that the loops serve or are about to, and those in a handshake or with another server. Handshakes are read first: a client is counted
    /// as such before its handshake ends, so that it is always counted somewhere.
    /// </summary>
    private int Clients => metrics.Tls.Handshakes + metrics.Clients;

    /// <summary>The number of loops. A sidecar serves one application, and each loop takes some 18 MiB.</summary>
    public int LoopCount => settings.EventLoops > 0 ? settings.EventLoops : settings.SidecarMode ? 1 : Environment.ProcessorCount;

    /// <summary>Begins to serve connections accepted elsewhere.</summary>
    /// <param name="kind">The loops' kind.</param>
    public void Start(LoopKind kind)
    {
        var limits = HttpLimits.Default with { MaxFields = settings.Limits.MaxRequestFields, MaxHead = settings.Limits.MaxRequestHeadSize, MaxRequestLine = Math.Min(settings.Limits.MaxRequestHeadSize, 16 * 1024) };
        var context = new EngineContext(state, metrics, backends, http2, limits, clock, _log) { Recording = Recording, Admission = Admission };
        _loops = [.. Enumerable.Range(0, LoopCount).Select(i => LoopOf(i, context, kind))];
        metrics.WatchLoops(_loops.Length, loop => _loops[loop].Load);
        foreach (var loop in _loops)
        {
            loop.Wire.Start();
        }
    }

    /// <summary>Begins to serve and to listen.</summary>
    /// <param name="socket">Bound, not yet listening; closed by the engine.</param>
    /// <param name="maxClients">The client connections beyond which further ones are closed at once.</param>
    /// <param name="kind">The loops' kind; not portable.</param>
    public IPEndPoint Listen(Socket socket, int maxClients, LoopKind kind)
    {
        _maxClients = maxClients;
        Start(kind);
        return Listen(socket, Assign);
    }

    /// <summary>Also listens for httpcg URLs. Called after <see cref="Listen(Socket, int, LoopKind)"/>.</summary>
    /// <param name="socket">Bound, not yet listening; closed by the engine.</param>
    public IPEndPoint ListenForHttpcg(Socket socket) => Listen(socket, AssignHttpcg);

    /// <summary>Passes a client's connection to the least loaded loop. Thread-safe.</summary>
    public void Accept(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        metrics.ClientConnected();
        var loop = LeastLoaded();
        loop.Wire.Post(() => loop.Accept(connection, address, leaving));
    }

    /// <summary>Passes a conversation within the process to the least loaded loop. Thread-safe.</summary>
    public void Converse(PipeConnection connection, ClientAddress address)
    {
        var loop = LeastLoaded();
        loop.Wire.Post(() => loop.Converse(connection, address));
    }

    /// <summary>
    /// Completes when every loop has ended its current turn. Data that was sent before being counted is counted by then, which tests wait for: a client may
    /// have its answer first. Never completes once the loops have been stopped.
    /// </summary>
    /// <param name="act">Run by each loop then; for tests.</param>
    public Task TurnAsync(Action? act = null) => Task.WhenAll(_loops.Select(loop =>
    {
        var turned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Wire.Post(() =>
        {
            act?.Invoke();
            turned.SetResult();
        });
        return turned.Task;
    }));

    /// <summary>Stops accepting; conversations are still taken in, as long as requests come.</summary>
    public void StopAccepting()
    {
        if (_loops.IsEmpty)
        {
            return;
        }

        foreach (var (listener, socket) in _listeners)
        {
            _loops[0].Wire.Post(() =>
            {
                listener.Stop();
                socket.Dispose();
            });
        }

        foreach (var loop in _loops)
        {
            loop.Wire.Post(loop.Drain);
        }
    }

    /// <summary>Lets requests in progress finish, and closes.</summary>
    public async Task StopAsync(CancellationToken limit)
    {
        if (_loops.IsEmpty)
        {
            return;
        }

        await UntilAsync(() => metrics.ActiveRequests == 0, limit);
        await GoAwayAsync();
        foreach (var loop in _loops)
        {
            loop.Wire.Post(loop.CutOff);
            await Task.Factory.StartNew(loop.Wire.Stop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Ends WebSockets and gRPC calls because the process ends; WebSockets and HTTP/2 connections get a moment to close.</summary>
    public async Task GoAwayAsync()
    {
        if (metrics.ActiveRequests > 0)
        {
            foreach (var loop in _loops)
            {
                loop.Wire.Post(loop.GoAway);
            }

            using var closing = new CancellationTokenSource(CloseTimeout, clock);
            await TwoTurnsAsync().WaitAsync(closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await UntilAsync(() => _loops.All(loop => loop is { Tunnels: 0, Http2.PendingGoAways: 0 }), closing.Token);
        }
    }

    public void Dispose()
    {
        _listeners.ForEach(listening => listening.Socket.Dispose());
        foreach (var loop in _loops)
        {
            loop.Wire.Dispose();
        }
    }

    private async Task UntilAsync(Func<bool> isSo, CancellationToken limit)
    {
        while (!isSo() && !limit.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, clock, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ProxyLoop LoopOf(int index, EngineContext context, LoopKind kind)
    {
        var wire = new EventLoop($"loop-{index}", clock, kind, IsChecked)
        {
            OnSlowTurn = taken =>
            {
                metrics.LoopTurnedSlowly();
                Log.SlowTurn(_log, index, taken.TotalMilliseconds);
            },
            OnFault = fault => Log.Fault(_log, fault, index),
        };
        return new ProxyLoop(wire, context);
    }

    private IPEndPoint Listen(Socket socket, Action<int, byte[]> accepted)
    {
        socket.Blocking = false;
        socket.NoDelay = true; // Accepted connections inherit it.
        socket.Listen(ListenBacklog);
        var listener = new Listener(_loops[0].Wire, (int)socket.SafeHandle.DangerousGetHandle(), accepted);
        _listeners.Add((listener, socket));
        _loops[0].Wire.Post(listener.Start);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private void Assign(int descriptor, byte[] address) => Assign(descriptor, address, acceptsHttpcg: false);

    private void AssignHttpcg(int descriptor, byte[] address) => Assign(descriptor, address, acceptsHttpcg: true);

    /// <summary>Runs on the first loop.</summary>
    private void Assign(int descriptor, byte[] address, bool acceptsHttpcg)
    {
        if (!TryAdmit(descriptor, address, out var isCounted))
        {
            return;
        }

        var least = LeastLoaded();
        if (ReferenceEquals(least, _loops[0]))
        {
            least.Accept(descriptor, address, isCounted, acceptsHttpcg);
        }
        else
        {
            least.AcceptLater(descriptor, address, isCounted, acceptsHttpcg);
        }
    }

    private ProxyLoop LeastLoaded()
    {
        var least = _loops[0];
        foreach (var loop in _loops)
        {
            if (loop.Load < least.Load)
            {
                least = loop;
            }
        }

        return least;
    }

    private static partial class Log
    {
        [LoggerMessage(67, LogLevel.Debug, "loop {Loop}: a turn took {Milliseconds:F1} ms", EventName = "loop-turn-slow")]
        public static partial void SlowTurn(ILogger logger, int loop, double milliseconds);

        [LoggerMessage(66, LogLevel.Error, "loop {Loop}: unexpected error; closing the affected connection", EventName = "loop-fault")]
        public static partial void Fault(ILogger logger, Exception error, int loop);
    }
}
