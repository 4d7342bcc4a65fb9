using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Engine.Http2;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Gateway.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// The whole engine on two loops driven by one thread, with virtual time and scripted connections. Reused for every input: each begins with new pickers, closed
/// breakers, empty buffers, and the clock at a full round of the timing wheels and of the retry budgets, so that its result does not depend on earlier ones.
/// </summary>
internal sealed class EngineRig : IDisposable
{
    /// <summary>The port of the first endpoint; the others follow.</summary>
    public const int FirstPort = 1000;

    /// <summary>The most endpoints.</summary>
    public const int MaxEndpoints = 3;

    /// <summary>Whole rounds of a timing wheel, of 65,536 ms, and whole windows of a retry budget, of 10 s.</summary>
    private const long RoundMilliseconds = 65_536 * 625;

    private readonly EndpointCell[] _cells;
    private readonly EndpointAddress[] _addresses;
    private readonly GatewayState _state;
    private readonly ConnectionCounts _connections = new();
    private readonly Http2Pools _http2;
    private readonly List<Exception> _faults = [];
    private Func<int, FarEnd> _connect = _ => throw new InvalidOperationException("no input is running");

    public EngineRig()
    {
        var tls = new BackendTls();
        _http2 = new Http2Pools(tls, Clock, RequestRandom.NextUnit);
        Metrics = new GatewayMetrics(_connections, Clock);
        var alone = new ClusterOptions { GatewayId = "fuzz" };
        _state = new GatewayState(Clock, alone, new ClusterViews(alone), new EvidenceLedger(), new OverridesHolder(), new Vitals());
        _addresses = [.. Enumerable.Range(FirstPort, MaxEndpoints).Select(AddressOf)];
        _cells = [.. _addresses.Select(address => new EndpointCell(new(PoolSettings.DefaultName, address), BreakerPolicy.Default, 1))];
        var context = new EngineContext(_state, Metrics, new(_connections, _http2, tls), Http2Clients.Of, Limits, Clock, NullLogger.Instance);
        Sources = new ScriptedSource[2];
        Loops = [LoopOf(0, context), LoopOf(1, context)];
        (Sources[0].Other, Sources[1].Other) = (Sources[1], Sources[0]);
    }

    public static HttpLimits Limits { get; } = HttpLimits.Default with { MaxHead = 4096, MaxRequestLine = 1024, MaxFields = 24 };

    public VirtualClock Clock { get; } = new();

    public GatewayMetrics Metrics { get; }

    public ProxyLoop[] Loops { get; }

    public ScriptedSource[] Sources { get; }

    /// <summary>Exceptions thrown by handlers.</summary>
    public IReadOnlyList<Exception> Faults => _faults;

    public ReadOnlySpan<EndpointCell> Cells => _cells;

    /// <summary>Begins an input.</summary>
    /// <param name="seed">The seed of the engine's own randomness.</param>
    /// <param name="endpoints">The number of endpoints.</param>
    /// <param name="shape">Returns the pool's settings.</param>
    /// <param name="connect">Returns the other end of each connection to a backend, by its endpoint.</param>
    public void Begin(ulong seed, int endpoints, Func<PoolSettings, PoolSettings> shape, LimitSettings limits, Func<int, FarEnd> connect)
    {
        _faults.Clear();
        _connect = connect;
        RequestRandom.Seed(seed);
        var now = Loops[0].Wire.Now;
        Pass(RoundMilliseconds - (now % RoundMilliseconds) + RoundMilliseconds);
        var pool = new Pool(shape(new() { Name = PoolSettings.DefaultName, Endpoints = [.. _addresses[..endpoints].Select(address => new EndpointSettings(address))] }));
        var settings = pool.Snapshot.Settings;
        foreach (var cell in _cells)
        {
            cell.Configure(settings.Breaker, settings.Connections.Max, settings.Connections.QueueSize);
            cell.Transition(static (word, _) => word.ForceOpen().Close().Clear(), 0);
        }

        pool.Publish(settings, settings, [.. settings.Endpoints.Select((endpoint, i) => new PoolMember(new(_cells[i]), endpoint))], view: null, now: TimeSpan.Zero);
        var own = new GatewaySettings { GatewayId = "fuzz", Pools = [settings], Limits = limits };
        _state.Publish(new(own, new RouteTable<Pool>([], _ => pool), ImmutableDictionary<string, Pool>.Empty.Add(pool.Name, pool)));
    }

    /// <summary>Adds a client's connection to one of the loops.</summary>
    public void Accept(FarEnd client, int loop)
    {
        client.IsConnected = true;
        Metrics.ClientConnected();
        Loops[loop].Accept(Sources[loop].Adopt(client), new ClientAddress(IPAddress.Loopback));
    }

    /// <summary>Runs all loops until nothing more was posted.</summary>
    public void Turn()
    {
        do
        {
            Loops[0].Wire.Turn();
            Loops[1].Wire.Turn();
        }
        while (Loops[0].Wire.HasPosted || Loops[1].Wire.HasPosted);
    }

    /// <summary>Lets time pass, at most until the next deadline; returns how much, in milliseconds.</summary>
    public long Pass(long milliseconds)
    {
        foreach (var loop in Loops)
        {
            var next = loop.Wire.Wheel.UntilNext(loop.Wire.Now);
            milliseconds = next < 0 ? milliseconds : Math.Min(milliseconds, next);
        }

        Clock.Advance(milliseconds);
        Turn();
        return milliseconds;
    }

    /// <summary>Half-opens an open breaker, as its actor does after a while.</summary>
    public void HalfOpen(int endpoint) => _cells[endpoint].Transition(static (word, _) => word.HalfOpen(), 0);

    /// <summary>Throws if anything is left of a finished input.</summary>
    public void AssertNothingLeft()
    {
        Require(Metrics.ActiveRequests == 0, $"{Metrics.ActiveRequests} requests are counted as active");
        foreach (var loop in Loops)
        {
            Require(loop.Wire.Connections == 0, $"{loop.Wire.Connections} connections are left");
            Require(loop.Wire.Blocks.InUse == 0, $"{loop.Wire.Blocks.InUse} buffers are left");
            Require(loop.Wire.Wheel.Count == 0, $"{loop.Wire.Wheel.Count} deadlines are left");
            Require(loop.ClientCount == 0 && loop.Tunnels == 0, $"{loop.ClientCount} clients and {loop.Tunnels} tunnels are counted");
        }

        Require(Clock.Timers == 0, $"{Clock.Timers} timers are left");
        foreach (var cell in _cells)
        {
            var connections = _connections.Read(cell);
            Require(cell.InFlight == 0 && cell.Waiting == 0, $"{cell.InFlight} attempts are in flight, {cell.Waiting} are waiting");
            Require(cell.Breaker.Trials == 0, $"{cell.Breaker.Trials} permits of trials are in use");
            Require(connections is { Open: 0, Idle: 0, Waiting: 0 }, $"connections of {cell.Id.Address.Label}: {connections}");
        }
    }

    /// <summary>Checks invariants that hold at any time.</summary>
    public void AssertCounts(int max)
    {
        foreach (var cell in _cells)
        {
            var connections = _connections.Read(cell);
            if (connections.Open < connections.Idle || connections.Idle < 0 || connections.Open > max)
            {
                throw new ScriptException($"connections of {cell.Id.Address.Label}: {connections}");
            }
        }
    }

    public void Dispose()
    {
        _http2.Dispose();
        foreach (var loop in Loops)
        {
            loop.Wire.Dispose();
        }
    }

    private static void Require(bool holds, FormattableString what)
    {
        if (!holds)
        {
            throw new ScriptException(FormattableString.Invariant(what));
        }
    }

    private static EndpointAddress AddressOf(int port) =>
        EndpointAddress.TryParse($"http://127.0.0.1:{port}", out var address, out var fault) ? address : throw new InvalidOperationException(fault);

    private ProxyLoop LoopOf(int index, EngineContext context)
    {
        var wire = new EventLoop($"loop-{index}", Clock, loop => Sources[index] = new ScriptedSource(loop, port => _connect(port)), isChecked: true)
        {
            OnFault = _faults.Add,
        };
        return new ProxyLoop(wire, context);
    }
}
