using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Upstream.Forwarding;

/// <summary>
/// The HTTP client of one endpoint with its connections. Shared by the attempts that use it, and closed by the last of them once it
/// is retired: idle connections at once, busy ones when done.
/// </summary>
internal sealed class ForwarderUpstream
{
    /// <summary>What is read of a discarded answer, in bytes, to keep its connection; beyond that it is closed.</summary>
    private const int MaxDrain = 16 * 1024;

    private readonly BackendConnector _connector;
    private int _users = 1;

    public ForwarderUpstream(EndpointAddress address, ConnectionPolicy policy, ConnectionCount connections, BackendTls tls, TimeProvider clock)
    {
        _connector = new(
            address,
            policy.ConnectTimeout,
            clock,
            tls.For(address, policy.Tls, policy.Protocol),
            wrap: socket => new CountedStream(socket, connections));
        Address = address;
        Policy = policy;
        Invoker = new HttpMessageInvoker(new AttemptHandler(new SocketsHttpHandler
        {
            // With TLS, where it applies: the client itself would have the certificate be for the Host field of the request.
            ConnectCallback = (_, cancellation) => _connector.ConnectAsync(cancellation),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = policy.Max,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = policy.IdleTimeout,
            PooledConnectionLifetime = policy.MaxLifetime,
            MaxResponseDrainSize = MaxDrain,
            MaxResponseHeadersLength = 32,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        }));
    }

    public EndpointAddress Address { get; }

    public ConnectionPolicy Policy { get; }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>Begins a use; false when the client is closed already.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }
    }

    /// <summary>Ends a use. The owner's own use, which every client is made with, ends when it is retired.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Invoker.Dispose();
        }
    }

    /// <summary>A connection that is counted as long as it is open.</summary>
    private sealed class CountedStream : NetworkStream
    {
        private readonly ConnectionCount _connections;
        private int _closed;

        public CountedStream(Socket socket, ConnectionCount connections)
            : base(socket, ownsSocket: true)
        {
            _connections = connections;
            connections.Opened();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ConnectionInUse.Is(this);
            return base.WriteAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                _connections.Closed();
            }
        }
    }
}
