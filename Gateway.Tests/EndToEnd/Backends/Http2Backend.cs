using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>
/// A clear-text HTTP/2 server that runs a script for each stream, frame by frame, which regular servers cannot do. Records every request whose head arrived.
/// </summary>
internal sealed class Http2Backend : IAsyncDisposable
{
    private readonly Socket _listener = RefusedAddress.Bind(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Http2BackendConnection> _connections = [];
    private readonly List<Http2Exchange> _requests = [];
    private readonly List<Exception> _faults = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Http2Backend(Func<Http2Exchange, Task> script, int? maxStreams)
    {
        (Script, MaxStreams) = (script, maxStreams);
        _listener.Listen(512);
        Address = new($"http://{(IPEndPoint)_listener.LocalEndPoint!}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Whether pings are answered.</summary>
    public bool AnswersPings { get; set; } = true;

    /// <summary>Every request whose head was read, in order.</summary>
    public IReadOnlyList<Http2Exchange> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public CancellationToken Stopping => _stopping.Token;

    internal Func<Http2Exchange, Task> Script { get; }

    internal int? MaxStreams { get; }

    /// <param name="maxStreams">Sent in the settings; null: not sent.</param>
    public static Http2Backend Start(Func<Http2Exchange, Task> script, int? maxStreams = null) => new(script, maxStreams);

    public static Func<Http2Exchange, Task> InTurn(params Func<Http2Exchange, Task>[] scripts) =>
        exchange => scripts[Math.Min(exchange.Number, scripts.Length - 1)](exchange);

    /// <summary>Reads the whole request and answers it.</summary>
    public static async Task AnswerAsync(Http2Exchange exchange)
    {
        await exchange.WaitForEndAsync();
        await exchange.WriteHeadAsync(200);
        await exchange.WriteDataAsync("ok", end: true);
    }

    /// <summary>All requests, once there are that many.</summary>
    public async Task<IReadOnlyList<Http2Exchange>> WaitForRequestsAsync(int count)
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        while (true)
        {
            var changed = Volatile.Read(ref _changed);
            if (Requests is var seen && seen.Count >= count)
            {
                return seen;
            }

            await changed.Task.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] ended;
        lock (_gate)
        {
            ended = [.. _connections.Select(connection => connection.Ended)];
        }

        await Task.WhenAll(ended);
        _stopping.Dispose();
        if (_faults.Count > 0)
        {
            throw new AggregateException("a script failed", _faults);
        }
    }

    /// <summary>Assigns the request's number.</summary>
    internal int Add(Http2Exchange exchange)
    {
        int number;
        lock (_gate)
        {
            number = _requests.Count;
            _requests.Add(exchange);
        }

        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return number;
    }

    internal void Failed(Exception fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                lock (_gate)
                {
                    _connections.Add(new Http2BackendConnection(this, socket, _connections.Count));
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopped.
        }
    }
}
