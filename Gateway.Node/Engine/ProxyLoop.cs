using System.Globalization;
using System.Text;
using Gateway.Core.Cells;
using Gateway.Http;
using Gateway.Node.Recording;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>One event loop and what its connections share: parsers, room to write heads in, the pools of backend connections. Used by its thread alone.</summary>
internal sealed partial class ProxyLoop
{
    /// <summary>More than any pool allows for; each has its own limit.</summary>
    private const int MostAnswerFields = 1024;

    /// <summary>An answer's head, rewritten, with a small body behind it.</summary>
    private const int ScratchSize = 128 * 1024;

    private byte[] _date = [];
    private long _dateUntil;
    private int _clientCount;
    private int _tunnels;
    private int _coming; // Clients that were handed to it and that it has not taken in yet.
    private readonly Dictionary<EndpointCell, BackendPool> _pools = [];

    public ProxyLoop(EventLoop wire, EngineContext context)
    {
        (Wire, Context) = (wire, context);
        Request = new RequestHead(context.Limits);
        Answer = new ResponseHead(context.Limits with { MaxFields = MostAnswerFields, MaxHead = 32 * 1024 });
        Router = new RequestRouter();
        Access = context.Recording.Access?.AddLane();
        Routes = new RouteLane(context.Metrics.Routes);
        context.Backends.Connections.Add(this);
    }

    public EventLoop Wire { get; }

    public EngineContext Context { get; }

    /// <summary>The head being parsed: good until the next one is.</summary>
    public RequestHead Request { get; }

    /// <summary>The same of an answer.</summary>
    public ResponseHead Answer { get; }

    public RequestRouter Router { get; }

    /// <summary>Who is told of each request; null: nobody.</summary>
    public AccessLane? Access { get; }

    /// <summary>What it counts of routes.</summary>
    public RouteLane Routes { get; }

    /// <summary>Copies of requests that are under way.</summary>
    public HashSet<MirrorCopy> Copies { get; } = [];

    /// <summary>For heads that are written and sent in one go.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize, pinned: true);

    /// <summary>How many clients it has that it has accepted. May be read by any thread.</summary>
    public int ClientCount => Volatile.Read(ref _clientCount);

    /// <summary>Connections of clients and backends that it has or is about to have. May be read by any thread.</summary>
    public int Load => Wire.Connections + Volatile.Read(ref _coming);

    /// <summary>WebSockets that are open. May be read by any thread.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    /// <summary>Clients' connections of this loop.</summary>
    private readonly List<ClientConnection> _clients = [];

    /// <summary>The time as picks and latencies know it, as of this turn.</summary>
    public TimeSpan Now => Context.Clock.GetElapsedTime(0, Wire.Timestamp);

    /// <summary>The Date field's line of this second.</summary>
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

    /// <summary>The endpoint has left its pool.</summary>
    public void Forget(EndpointCell cell)
    {
        if (_pools.Remove(cell, out var pool))
        {
            pool.Retire();
        }
    }

    /// <summary>Hands a client to it. By any thread.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's address as the system has it.</param>
    /// <param name="isCounted">Whether the door is to be told when it leaves.</param>
    /// <param name="takesHttpcg">Whether it came to the listener for httpcg URLs.</param>
    public void AcceptLater(int descriptor, byte[] address, bool isCounted, bool takesHttpcg)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            Accept(descriptor, address, isCounted, takesHttpcg);
        });
    }

    /// <summary>Takes in a client.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's address as the system has it.</param>
    /// <param name="isCounted">Whether the door is to be told when it leaves.</param>
    /// <param name="takesHttpcg">Whether it came to the listener for httpcg URLs.</param>
    public void Accept(int descriptor, byte[] address, bool isCounted = false, bool takesHttpcg = false)
    {
        var client = Accept(Wire.Adopt(descriptor), new ClientAddress(address) { TakesHttpcgTargets = takesHttpcg });
        client.IsCounted = isCounted;
        if (ProxyGreeting.RuleFor(Context.State.Configured?.Settings, client.Address.Peer) is var rule && rule != GreetingRule.None)
        {
            client.ExpectGreeting(rule);
        }
    }

    /// <summary>Takes in a client whose channel there is, and which has been counted as connected.</summary>
    public ClientConnection Accept(Channel channel, ClientAddress address)
    {
        Volatile.Write(ref _clientCount, _clientCount + 1);
        var client = new ClientConnection(this, channel, address);
        Add(client);
        return client;
    }

    /// <summary>Takes in a client whose connection something else carries.</summary>
    /// <param name="leaving">Cancelled when the carrier accepts no more: the client is asked to leave.</param>
    public void Accept(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        var client = Accept(Wire.Adopt(connection), address);
        leaving.UnsafeRegister(static leaver => ((ClientConnection)leaver!).DrainLater(), client);
    }

    /// <summary>Takes in a conversation within the process, whose client another server has accepted and counted.</summary>
    public void Converse(PipeConnection connection, ClientAddress address) =>
        Converse(Wire.Adopt(connection), address);

    /// <summary>The same of one whose channel there is.</summary>
    public ClientConnection Converse(Channel channel, ClientAddress address)
    {
        var client = new ClientConnection(this, channel, address, isConversation: true);
        Add(client);
        return client;
    }

    public void TunnelOpened() => Volatile.Write(ref _tunnels, _tunnels + 1);

    public void TunnelClosed() => Volatile.Write(ref _tunnels, _tunnels - 1);

    /// <summary>WebSockets and gRPC calls are closed as they should be.</summary>
    public void GoAway()
    {
        foreach (var client in _clients.ToList())
        {
            client.GoAway();
        }
    }

    /// <summary>No further request is taken: idle connections close, the others after the answer under way.</summary>
    public void Drain()
    {
        IsDraining = true;
        DrainArrivals();
        DrainHttp2();

        foreach (var client in _clients.ToList())
        {
            client.Drain();
        }
    }

    /// <summary>The client's connection is closed.</summary>
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

    private void Left(ClientAddress address, bool isCounted)
    {
        Volatile.Write(ref _clientCount, _clientCount - 1);
        Context.Metrics.ClientLeft();
        if (isCounted)
        {
            Context.Door?.Leave(address.Peer);
        }
    }

    /// <summary>Ends what is still under way.</summary>
    public void CutOff()
    {
        CutOffArrivals();
        foreach (var copy in Copies.ToList())
        {
            copy.CutOff();
        }

        CutOffHttp2();

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
