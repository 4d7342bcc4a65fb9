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
/// Frames are .NET's HTTP client's: a client of its own for each connection, which is given this one and no other. So it is known which
/// connection an attempt is on, and a request that the client would send again by itself comes back instead.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Whoever exits last disposes of the client.")]
internal sealed class Http2Connection
{
    /// <summary>A limit that is not known: the client itself keeps to what the endpoint's settings say.</summary>
    public const int NoLimit = int.MaxValue;

    /// <summary>Called when the head of a request is about to be written.</summary>
    public static readonly HttpRequestOptionsKey<Action> HeadWritten = new("gateway.head-written");

    private static readonly TimeSpan LongestPing = TimeSpan.FromSeconds(5);

    /// <summary>How long the attempts after the first one wait for the endpoint to say how many it takes.</summary>
    private static readonly TimeSpan SettingsPatience = TimeSpan.FromSeconds(1);

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

    /// <param name="connect">Connects; what it makes of the socket is given to it.</param>
    /// <param name="expiresAt">When it is too old for new attempts, in ticks of the clock.</param>
    /// <param name="onLeaving">Told once that it takes no new attempts.</param>
    public Http2Connection(
        ConnectionPolicy policy, Func<Action<CountedStream>, Task<Stream>> connect, TimeProvider clock, long expiresAt, Action<Http2Connection> onLeaving)
    {
        (_clock, ExpiresAt, _onLeaving) = (clock, expiresAt, onLeaving);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // With TLS, where it applies: the client itself would have the certificate be for the Host field of the request.
            ConnectCallback = GiveAsync,
            PlaintextStreamFilter = (context, _) => new(new WatchedStream(context.PlaintextStream, () => _heard.TrySetResult())),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = policy.IdleTimeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = policy.PingInterval,
            KeepAlivePingTimeout = policy.PingInterval < LongestPing ? policy.PingInterval : LongestPing,
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

    /// <summary>Whether an answer has come on it: one that breaks now before a byte of the next may have been closed for idleness.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>The endpoint has closed it, or it broke.</summary>
    public bool HasEnded => _socket?.HasEnded ?? false;

    /// <summary>Open, and no attempt uses it.</summary>
    public bool IsIdle => Volatile.Read(ref _users) == 1 && Volatile.Read(ref _given) != 0 && !HasEnded;

    /// <summary>For how long nothing has come from the endpoint.</summary>
    public TimeSpan SilentFor(TimeSpan now) => _socket is { } socket ? now - socket.LastReceived : TimeSpan.Zero;

    /// <summary>Begins an attempt's use; false when it takes no more.</summary>
    /// <param name="limit">The limit of attempts that it was found to have room by.</param>
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
    /// <param name="sent">Whether it had a stream.</param>
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
            Leave(); // Whom it was made for has left: nobody would notice if the endpoint closed it.
        }
    }

    /// <summary>Takes no new attempts from here on, and closes when the last one has ended.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _leaving, 1) == 0)
        {
            _onLeaving(this);
            Exit(sent: false);
        }
    }

    /// <summary>
    /// Waits until it is there and, all but the first attempt, until the endpoint has said how many it takes. Throws what the connector throws, or
    /// when cancelled.
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
            await Task.WhenAny(_heard.Task, Task.Delay(SettingsPatience, _clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends a request and waits for the head of its answer. Throws what the HTTP client throws.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _client.SendAsync(request, cancellation);

    /// <summary>A head is being written: there is a stream.</summary>
    public void OnStream() => Interlocked.Increment(ref _streams);

    public void OnAnswer() => HasAnswered = true;

    /// <summary>
    /// It turned out to have no room for an attempt that had entered by this limit. So many streams are then its limit; if it had a limit
    /// already, or has no stream at all, it is the endpoint that lets it end.
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
        // Asked for each field that is about to be written, and there is one of this name in each head.
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

    /// <summary>What was connected and never given to the client nobody else closes.</summary>
    private async Task CloseUnusedAsync()
    {
        await ((Task)_connected).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connected.IsCompletedSuccessfully && Interlocked.Exchange(ref _given, 1) == 0)
        {
            await (await _connected).DisposeAsync();
        }
    }
}
