using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Gateway.Core.Connecting;

namespace Gateway.Upstream.Http2;

/// <summary>
/// One HTTP/2 connection to an endpoint, and the attempts that share it:
/// <code>
/// connecting --> open --Leave--> leaving: takes no new attempt --the last one ends--> closed
/// </code>
/// .NET's HTTP client handles the frames: each connection has a client of its own, which is given this connection and no other. So the connection
/// of each attempt is known, and a request that the client would resend by itself is returned instead.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The last user to leave disposes of the client.")]
internal sealed class Http2Connection
{
    /// <summary>An unknown limit: the client itself respects the endpoint's settings.</summary>
    public const int NoLimit = int.MaxValue;

    /// <summary>Called when the head of a request is about to be written.</summary>
    public static readonly HttpRequestOptionsKey<Action> HeadWritten = new("gateway.head-written");

    private static readonly TimeSpan MaxPingTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The time attempts after the first one wait for the endpoint's stream limit.</summary>
    private static readonly TimeSpan SettingsTimeout = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<Stream> _connected;
    private readonly HttpMessageInvoker _client;
    private readonly Action<Http2Connection> _onLeaving;
    private CountedStream? _socket;
    private int _users = 1;
    private int _streams;
    private int _limit = NoLimit;
    private int _given;
    private int _leaving;
    private int _first;

    /// <param name="connect">Opens the connection; receives a function that wraps the socket.</param>
    /// <param name="expiresAt">When it is too old for new attempts, in ticks of the clock.</param>
    /// <param name="onLeaving">Called once when it stops taking new attempts.</param>
    public Http2Connection(
        ConnectionPolicy policy, Func<Action<CountedStream>, Task<Stream>> connect, TimeProvider clock, long expiresAt, Action<Http2Connection> onLeaving)
    {
        (_clock, ExpiresAt, _onLeaving) = (clock, expiresAt, onLeaving);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // With TLS, if any: the client itself would check the certificate against the request's Host field.
            ConnectCallback = GiveAsync,
            PlaintextStreamFilter = (context, _) => new(new WatchedStream(context.PlaintextStream, () => _heard.TrySetResult())),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = policy.IdleTimeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = policy.PingInterval,
            KeepAlivePingTimeout = policy.PingInterval < MaxPingTimeout ? policy.PingInterval : MaxPingTimeout,
            MaxResponseHeadersLength = 32,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = static (name, request) => EncodingOf(name, request),
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        });
        _connected = connect(socket => _socket = socket);
    }

    public long ExpiresAt { get; }

    /// <summary>Whether an answer has arrived on it: if it breaks now before a byte of the next, it may have been closed as idle.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether the endpoint has closed it, or it broke.</summary>
    public bool HasEnded => _socket?.HasEnded ?? false;

    /// <summary>Whether it is open and unused.</summary>
    public bool IsIdle => Volatile.Read(ref _users) == 1 && Volatile.Read(ref _given) != 0 && !HasEnded;

    /// <summary>Returns the time since the endpoint last sent anything.</summary>
    public TimeSpan SilentFor(TimeSpan now) => _socket is { } socket ? now - socket.LastReceived : TimeSpan.Zero;

    /// <summary>Starts an attempt's use; false if it takes no more.</summary>
    /// <param name="limit">The limit of attempts under which it had room.</param>
    public bool TryEnter(long now, out int limit)
    {
        limit = Volatile.Read(ref _limit);
        if (ExpiresAt <= now || HasEnded)
        {
            Leave();
        }

        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0 || Volatile.Read(ref _leaving) != 0 || users > limit)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }
    }

    /// <summary>Ends an attempt's use.</summary>
    /// <param name="sent">Whether the attempt had a stream.</param>
    public void Exit(bool sent)
    {
        if (sent)
        {
            Interlocked.Decrement(ref _streams);
        }

        if (Interlocked.Decrement(ref _users) == 0)
        {
            Close();
        }
        else if (Volatile.Read(ref _given) == 0 && Volatile.Read(ref _users) == 1)
        {
            Leave(); // Its first attempt has left: a close by the endpoint would go unnoticed.
        }
    }

    /// <summary>Stops taking new attempts, and closes when the last one has ended.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _leaving, 1) == 0)
        {
            _onLeaving(this);
            Exit(sent: false);
        }
    }

    /// <summary>
    /// Waits until it is connected and, for all but the first attempt, until the endpoint has sent its stream limit. Throws the connector's exceptions,
    /// or when cancelled.
    /// </summary>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            await _connected.WaitAsync(cancellation);
        }
        catch when (_connected.IsFaulted)
        {
            Leave();
            throw;
        }

        if (Interlocked.Exchange(ref _first, 1) != 0 && !_heard.Task.IsCompleted)
        {
            await Task.WhenAny(_heard.Task, Task.Delay(SettingsTimeout, _clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends a request and waits for the head of its answer. Throws the HTTP client's exceptions.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _client.SendAsync(request, cancellation);

    /// <summary>Called when a head is being written: the attempt has a stream.</summary>
    public void OnStream() => Interlocked.Increment(ref _streams);

    public void OnAnswer() => HasAnswered = true;

    /// <summary>
    /// Handles a lack of room for an attempt that entered under this limit. The current number of streams becomes the limit; if it had a limit
    /// already, or has no stream at all, the endpoint is closing it.
    /// </summary>
    public void OnNoRoom(int limit)
    {
        var streams = Volatile.Read(ref _streams);
        if (limit != NoLimit || streams == 0)
        {
            Leave();
        }
        else
        {
            Interlocked.CompareExchange(ref _limit, streams, NoLimit);
        }
    }

    private static Encoding EncodingOf(string name, HttpRequestMessage request)
    {
        // Called for each field about to be written; each head has exactly one of this name.
        if (name == "Host" && request.Options.TryGetValue(HeadWritten, out var onHeadWritten))
        {
            onHeadWritten();
        }

        return Encoding.Latin1;
    }

    private async ValueTask<Stream> GiveAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        Interlocked.Exchange(ref _given, 1) == 0 ? await _connected.WaitAsync(cancellation) : throw new NoRoomException();

    private void Close()
    {
        _client.Dispose();
        _ = CloseUnusedAsync();
    }

    /// <summary>Closes a connection that was never given to the client, as nothing else would.</summary>
    private async Task CloseUnusedAsync()
    {
        await ((Task)_connected).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connected.IsCompletedSuccessfully && Interlocked.Exchange(ref _given, 1) == 0)
        {
            await (await _connected).DisposeAsync();
        }
    }
}
