using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>
/// A TCP server on a free loopback port that runs a script for each request, and records the requests. It can die (<see cref="StopAsync"/>) and return on
/// the same port (<see cref="Resume"/>). It owns its sockets and tasks, which have ended when <see cref="DisposeAsync"/> returns; that throws the
/// exceptions of scripts, except for the connection's own end.
/// <code>
/// await using var backend = RawBackend.Start(async exchange =>
/// {
///     await exchange.ReadHeadAsync();
///     await exchange.WriteAsync("HTTP/1.1 200 OK\r\n");
///     exchange.Reset();
/// });
/// </code>
/// </summary>
public sealed class RawBackend : IAsyncDisposable
{
    /// <summary>How long a test waits for an expected event: far longer than it takes on a slow machine under load, far shorter than a test run.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(1);

    private readonly Func<RawExchange, Task> _script;
    private readonly RequestLog _log = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private readonly List<Exception> _faults = [];

    /// <summary>Keeps the port while nothing listens: the system could assign it to another connection, and it could not be bound again.</summary>
    private readonly Socket _port = Backends.RefusedAddress.Bind(0);

    private Socket _listener;
    private CancellationTokenSource? _stopping;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;
    private int _open;

    private RawBackend(Func<RawExchange, Task> script)
    {
        _script = script;
        EndPoint = (IPEndPoint)_port.LocalEndPoint!;
        _listener = Backends.RefusedAddress.Bind(EndPoint.Port);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary><c>http://127.0.0.1:port</c>.</summary>
    public Uri Address => new($"http://{EndPoint}");

    /// <summary>Every request whose head was read, in order.</summary>
    public IReadOnlyList<RawRequest> Requests => _log.Seen;

    /// <summary>Connections accepted since the start.</summary>
    public int ConnectionsAccepted => Volatile.Read(ref _accepted);

    /// <summary>Open connections.</summary>
    public int ConnectionsOpen => Volatile.Read(ref _open);

    public static RawBackend Start(Func<RawExchange, Task> script)
    {
        var backend = new RawBackend(script);
        backend.Resume();
        return backend;
    }

    /// <summary>An address that refuses connections until it is disposed.</summary>
    public static RefusedAddress RefusedAddress() => new();

    /// <summary>Listens again, on the same port, after <see cref="StopAsync"/>.</summary>
    public void Resume()
    {
        if (_stopping is null)
        {
            _stopping = new CancellationTokenSource();
            _listener.Listen(512);
            _accepting = AcceptAsync(_listener, _stopping.Token);
        }
    }

    /// <summary>Dies: connections end, new ones are refused. The port and the recorded requests are kept.</summary>
    public async Task StopAsync()
    {
        if (_stopping is { } stopping)
        {
            await stopping.CancelAsync();
            _listener.Dispose();
            _listener = Backends.RefusedAddress.Bind(EndPoint.Port);
            await _accepting;
            await Task.WhenAll(Connections());
            _stopping = null;
            stopping.Dispose();
        }
    }

    /// <summary>The first matching request; checked again as its body is read.</summary>
    public async Task<RawRequest> WaitForRequestAsync(Func<RawRequest, bool> wanted, TimeSpan? timeout = null)
    {
        await _log.WaitAsync(seen => seen.Any(wanted), timeout ?? WaitTimeout);
        return _log.Seen.First(wanted);
    }

    /// <summary>All requests, once there are at least that many.</summary>
    public async Task<IReadOnlyList<RawRequest>> WaitForRequestsAsync(int count, TimeSpan? timeout = null)
    {
        await _log.WaitAsync(seen => seen.Count >= count, timeout ?? WaitTimeout);
        return _log.Seen;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener.Dispose();
        _port.Dispose();
        if (_faults.Count > 0)
        {
            throw new AggregateException("a script failed", _faults);
        }
    }

    private Task[] Connections()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }

    private async Task AcceptAsync(Socket listener, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stopping);
                var connection = Interlocked.Increment(ref _accepted) - 1;
                lock (_gate)
                {
                    _connections.RemoveAll(task => task.IsCompleted);
                    _connections.Add(Task.Run(() => ServeAsync(socket, connection, stopping), CancellationToken.None));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Stopped, or the client left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket socket, int connection, CancellationToken stopping)
    {
        Interlocked.Increment(ref _open);
        try
        {
            socket.NoDelay = true;
            var reader = new RawReader(new NetworkStream(socket));
            var ended = false;
            for (var number = 0; !ended && (number == 0 || await reader.FillAsync(stopping)); number++)
            {
                var exchange = new RawExchange(socket, reader, _log, connection, number, stopping);
                await _script(exchange);
                ended = exchange.Ended;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client left, or the backend stops.
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _faults.Add(e);
            }
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }
}
