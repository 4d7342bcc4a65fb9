using System.Globalization;
using System.Text;
using Gateway.Core.Cells;
using Gateway.Http;
using Gateway.Node.Recording;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// One event loop with the resources its connections share: parsers, head buffers, and pools of backend connections. Used by its thread only.
/// </summary>
internal sealed partial class ProxyLoop
{
    /// <summary>More than any pool allows; each has its own limit.</summary>
    private const int MaxAnswerFieldLines = 1024;

    /// <summary>The size of a rewritten answer head, with a small body behind it.</summary>
    private const int ScratchSize = 128 * 1024;

    private byte[] _date = [];
    private long _dateUntil;
    private int _clientCount;
    private int _tunnels;
    private int _coming; // Clients passed to it but not accepted yet.
    private readonly Dictionary<EndpointCell, BackendPool> _pools = [];

    public ProxyLoop(EventLoop wire, EngineContext context)
    {
        (Wire, Context) = (wire, context);
        Request = new RequestHead(context.Limits);
        Answer = new ResponseHead(context.Limits with { MaxFields = MaxAnswerFieldLines, MaxHead = 32 * 1024 });
        Router = new RequestRouter();
        Access = context.Recording.Access?.AddLane();
        Routes = new RouteLane(context.Metrics.Routes);
        Http2 = context.Http2(this);
        context.Backends.Connections.Add(this);
    }

    public EventLoop Wire { get; }

    public EngineContext Context { get; }

    /// <summary>The request head being parsed: valid until the next one is.</summary>
    public RequestHead Request { get; }

    /// <summary>The answer head being parsed: valid until the next one is.</summary>
    public ResponseHead Answer { get; }

    public RequestRouter Router { get; }

    /// <summary>Receives a record of each request; null: none.</summary>
    public AccessLane? Access { get; }

    /// <summary>The counters of routes.</summary>
    public RouteLane Routes { get; }

    /// <summary>The copies of requests in progress.</summary>
    public HashSet<MirrorCopy> Copies { get; } = [];

    /// <summary>A buffer for heads that are written and sent in one go.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize, pinned: true);

    /// <summary>The number of open client connections that it has accepted. Readable by any thread.</summary>
    public int ClientCount => Volatile.Read(ref _clientCount);

    /// <summary>The connections of clients and backends, including those about to be accepted. Readable by any thread.</summary>
    public int Load => Wire.Connections + Volatile.Read(ref _coming);

    /// <summary>The open WebSockets. Readable by any thread.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    /// <summary>The loop's client connections.</summary>
    private readonly List<ClientConnection> _clients = [];

    /// <summary>The time for picks and latencies, as of this turn.</summary>
    public TimeSpan Now => Context.Clock.GetElapsedTime(0, Wire.Timestamp);

    /// <summary>The line of the Date field for the current second.</summary>
    public byte[] DateLine
    {
        get
        {
            if (Wire.Now >= _dateUntil)
            {
                var now = Context.Clock.GetUtcNow();
                _date = Encoding.ASCII.GetBytes($"Date: {now.ToString("R", CultureInfo.InvariantCulture)}\r\n");
                _dateUntil = Wire.Now + 1000 - now.Millisecond;
            }

            return _date;
        }
    }

    public BackendPool PoolOf(EndpointCell cell)
    {
        if (!_pools.TryGetValue(cell, out var pool))
        {
            pool = new BackendPool(this, Context.Backends.Connections.Of(cell));
            if (!pool.Counts.IsRetired)
            {
                _pools.Add(cell, pool);
            }
        }

        return pool;
    }

    /// <summary>Called when the endpoint has left its pool.</summary>
    public void Forget(EndpointCell cell)
    {
        if (_pools.Remove(cell, out var pool))
        {
            pool.Retire();
        }
    }

    /// <summary>Passes a client to it. Thread-safe.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's sockaddr.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    /// <param name="acceptsHttpcg">Whether it arrived at the httpcg listener.</param>
    public void AcceptLater(int descriptor, byte[] address, bool isCounted, bool acceptsHttpcg)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            Accept(descriptor, address, isCounted, acceptsHttpcg);
        });
    }

    /// <summary>Accepts a client.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's sockaddr.</param>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    /// <param name="acceptsHttpcg">Whether it arrived at the httpcg listener.</param>
    public void Accept(int descriptor, byte[] address, bool isCounted = false, bool acceptsHttpcg = false)
    {
        var client = Accept(Wire.Adopt(descriptor), new ClientAddress(address) { AcceptsHttpcgTargets = acceptsHttpcg });
        client.IsCounted = isCounted;
        if (ProxyGreeting.RuleFor(Context.State.Configured?.Settings, client.Address.Peer) is var rule && rule != GreetingRule.None)
        {
            client.ExpectGreeting(rule);
        }
    }

    /// <summary>Accepts a client with an existing channel, already counted as connected.</summary>
    public ClientConnection Accept(Channel channel, ClientAddress address)
    {
        Entered();
        var client = new ClientConnection(this, channel, address);
        Add(client);
        return client;
    }

    /// <summary>Accepts a client on a pipe.</summary>
    /// <param name="leaving">Cancelled when its server accepts no more: the client is asked to leave.</param>
    public void Accept(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        var client = Accept(Wire.Adopt(connection), address);
        leaving.UnsafeRegister(static leaver => ((ClientConnection)leaver!).DrainLater(), client);
    }

    /// <summary>Accepts a conversation within the process, whose client another server has accepted and counted.</summary>
    public void Converse(PipeConnection connection, ClientAddress address) =>
        Converse(Wire.Adopt(connection), address);

    /// <summary>Accepts a conversation with an existing channel.</summary>
    public ClientConnection Converse(Channel channel, ClientAddress address)
    {
        var client = new ClientConnection(this, channel, address, isConversation: true);
        Add(client);
        return client;
    }

    public void TunnelOpened() => Volatile.Write(ref _tunnels, _tunnels + 1);

    public void TunnelClosed() => Volatile.Write(ref _tunnels, _tunnels - 1);

    /// <summary>Closes WebSockets and gRPC calls cleanly.</summary>
    public void GoAway()
    {
        foreach (var client in _clients.ToList())
        {
            client.GoAway();
        }
    }

    /// <summary>Takes no further requests: idle connections close, the others after the current answer.</summary>
    public void Drain()
    {
        IsDraining = true;
        DrainArrivals();
        Http2.Drain();

        foreach (var client in _clients.ToList())
        {
            client.Drain();
        }
    }

    /// <summary>Called when the client's connection is closed.</summary>
    public void Forget(ClientConnection client)
    {
        if (client.Place < 0)
        {
            return;
        }

        _clients[client.Place] = _clients[^1];
        _clients[client.Place].Place = client.Place;
        _clients.RemoveAt(_clients.Count - 1);
        client.Place = -1;
        if (!client.IsConversation)
        {
            Left(client.Address, client.IsCounted);
        }
    }

    /// <summary>Called when a client connection has been taken in.</summary>
    public void Entered() => Volatile.Write(ref _clientCount, _clientCount + 1);

    /// <summary>Called when a client connection that has entered is closed.</summary>
    /// <param name="isCounted">Whether <see cref="ClientAdmission"/> counts it.</param>
    public void Left(ClientAddress address, bool isCounted)
    {
        Volatile.Write(ref _clientCount, _clientCount - 1);
        Context.Metrics.ClientLeft();
        if (isCounted)
        {
            Context.Admission?.Release(address.Peer);
        }
    }

    /// <summary>Ends everything still in progress.</summary>
    public void CutOff()
    {
        CutOffArrivals();
        foreach (var copy in Copies.ToList())
        {
            copy.CutOff();
        }

        Http2.CutOff();

        foreach (var client in _clients.ToList())
        {
            client.CutOff();
        }
    }

    private void Add(ClientConnection client)
    {
        client.Place = _clients.Count;
        _clients.Add(client);
        client.Begin();
    }
}
