using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Actors.Inspection;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;
using Gateway.Node.Settings;
using Gateway.Upstream;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>
/// One replica's counts, in its own registry. Counters are incremented where events happen; gauges are read from the endpoints at each scrape, so that they
/// cannot drift. The counts of a removed endpoint are dropped at the second scrape that finds nothing in flight there: a request is counted just after its
/// lease has ended, and would recreate the children. Without scrapes they are dropped at the second <see cref="Sweep"/> after <see cref="KeptUnscraped"/>.
/// </summary>
internal sealed partial class GatewayMetrics
{
    /// <summary>How long a removed endpoint's last counts wait for a scrape.</summary>
    public static readonly TimeSpan KeptUnscraped = TimeSpan.FromMinutes(1);
    /// <summary>The states of a pool's endpoint that are shown.</summary>
    private static readonly ImmutableArray<EndpointState> ShownStates =
        [EndpointState.Available, EndpointState.Suspect, EndpointState.Trial, EndpointState.Ejected, EndpointState.Draining];

    private readonly GatewayInstruments _instruments;
    private readonly IConnectionCounts _connections;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<EndpointCell, EndpointMetrics> _byCell = new();
    private readonly ConcurrentDictionary<(string Pool, string Backend), EndpointMetrics> _byLabels = new();

    /// <summary>Removed endpoints.</summary>
    private readonly ConcurrentDictionary<Endpoint, Leaving> _leaving = new();

    /// <summary>Removed pools, and when they were removed.</summary>
    private readonly ConcurrentDictionary<string, TimeSpan> _leavingPools = new();

    /// <summary>Scrapes and sweeps must not count each other's checks as their own.</summary>
    private readonly Lock _looking = new();

    private ImmutableDictionary<string, Pool> _pools = ImmutableDictionary<string, Pool>.Empty;
    private int _active;
    private int _clients;

    public GatewayMetrics(IConnectionCounts connections, TimeProvider clock)
    {
        _instruments = new GatewayInstruments(Registry);
        _connections = connections;
        _clock = clock;
        Tls = new TlsMetrics(Registry);
        Limits = new LimitMetrics(Registry);
        Mirrors = new MirrorMetrics(Registry);
        _ = new RouteMetrics(Routes, Registry);
        _instruments.BuildInfo.WithLabels(
            ProductVersion.Text, RuntimeInformation.FrameworkDescription).Set(1);
        Registry.AddBeforeCollectCallback(ReadGauges);
        var process = new ProcessInstruments(Registry);
        Registry.AddBeforeCollectCallback(process.Read);
    }

    /// <summary>For counts that do not concern endpoints.</summary>
    public GatewayInstruments Instruments => _instruments;

    /// <summary>Counts of TLS with clients.</summary>
    public TlsMetrics Tls { get; }

    /// <summary>Counts of limits on clients.</summary>
    public LimitMetrics Limits { get; }

    /// <summary>The connected clients; over TLS once their handshake is done.</summary>
    public int Clients => Volatile.Read(ref _clients);

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    /// <summary>The counts of each backend, and of requests without one.</summary>
    public ICollection<EndpointMetrics> Backends => _byLabels.Values;

    /// <summary>Sets the pools from which gauges are read.</summary>
    public void Watch(ImmutableDictionary<string, Pool> pools)
    {
        foreach (var gone in Volatile.Read(ref _pools).Keys.Where(name => !pools.ContainsKey(name)))
        {
            _leavingPools[gone] = _clock.GetElapsedTime(0);
        }

        Volatile.Write(ref _pools, pools);
    }

    public EndpointMetrics Of(EndpointCell cell) =>
        _byCell.TryGetValue(cell, out var known) ? known : _byCell.GetOrAdd(cell, Of(cell.Id.Pool, cell.Id.Address.Label));

    /// <summary>The requests in progress, for the limit, the drain and the gauge.</summary>
    public int ActiveRequests => Volatile.Read(ref _active);

    /// <summary>For requests without a picked backend.</summary>
    public EndpointMetrics OfNone(string? pool) => Of(pool ?? EndpointMetrics.None, EndpointMetrics.None);

    /// <param name="failed">The endpoint of the attempt that is followed by another one.</param>
    public void Retried(EndpointCell failed, bool failover)
    {
        _instruments.Retries.WithLabels(failed.Id.Pool, failover ? "failover" : "retry").Inc();
        Of(failed).Retried();
    }

    public void RetryRefused(string pool) => _instruments.RetriesRefused.WithLabels(pool).Inc();

    public void RequestSaturated(string pool) => _instruments.RequestsSaturated.WithLabels(pool).Inc();

    public void PanicPicked(string pool) => _instruments.PanicPicks.WithLabels(pool).Inc();

    /// <summary>Counts a request in progress; returns their number, including this one.</summary>
    public int RequestBegun() => Interlocked.Increment(ref _active);

    public void RequestEnded() => Interlocked.Decrement(ref _active);

    /// <summary>Counts an accepted client connection.</summary>
    public void ClientConnected() => Interlocked.Increment(ref _clients);

    /// <summary>Counts the end of a client connection.</summary>
    public void ClientLeft() => Interlocked.Decrement(ref _clients);

    public void RequestShed() => _instruments.RequestsShed.Inc();

    /// <param name="reason">From a fixed set, like all labels.</param>
    public void RequestMalformed(string reason) => _instruments.RequestsMalformed.WithLabels(reason).Inc();

    /// <summary>Sets the source of each event loop's number of connections.</summary>
    public void WatchLoops(int count, Func<int, int> connections) => Registry.AddBeforeCollectCallback(() =>
    {
        for (var loop = 0; loop < count; loop++)
        {
            _instruments.LoopConnections.WithLabels(loop.ToString(CultureInfo.InvariantCulture)).Set(connections(loop));
        }
    });

    /// <summary>Counts a slow turn of an event loop, which delayed its connections.</summary>
    public void LoopTurnedSlowly() => _instruments.LoopTurnsSlow.Inc();

    /// <summary>Counts time in which this process did not run.</summary>
    public void Paused(TimeSpan time) => _instruments.Paused.Inc(time.TotalSeconds);

    public void Reloaded(bool accepted) => _instruments.ConfigReloads.WithLabels(accepted ? "accepted" : "rejected").Inc();

    public void Probed(EndpointId endpoint, ProbeResult result, ProbeReason reason)
    {
        _instruments.Probes.WithLabels(endpoint.Pool, endpoint.Address.Label, reason.Name()).Inc();
        _instruments.HealthChecks.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();
        if (!result.Passed)
        {
            _instruments.HealthCheckFailures.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();
        }
    }

    public void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to) =>
        _instruments.VerdictTransitions.WithLabels(endpoint.Pool, endpoint.Address.Label, from.Name(), to.Name()).Inc();

    public void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to) =>
        _instruments.BreakerTransitions.WithLabels(endpoint.Pool, endpoint.Address.Label, from.Name(), to.Name()).Inc();

    public void Decided(EndpointId endpoint, Decision decision) => _instruments.Decisions.WithLabels(
        endpoint.Pool, endpoint.Address.Label, decision.Kind.Name(), decision.Reason.Name()).Inc();

    public void Claimed(EndpointId endpoint, Standing wanted, bool enforced) =>
        Count(endpoint, wanted == Standing.Held ? "hold" : "ejection", enforced);

    public void OutlierDetected(EndpointId endpoint, bool ejected) => Count(endpoint, "outlier", ejected);

    private void Count(EndpointId endpoint, string what, bool enforced)
    {
        _instruments.EjectionsDetected.WithLabels(endpoint.Pool, endpoint.Address.Label, what).Inc();
        if (enforced)
        {
            _instruments.EjectionsEnforced.WithLabels(endpoint.Pool, endpoint.Address.Label, what).Inc();
        }
    }

    public void TrialsLost(EndpointId endpoint) =>
        _instruments.BreakerTrialsLost.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();

    private EndpointMetrics Of(string pool, string backend) =>
        _byLabels.TryGetValue((pool, backend), out var known)
            ? known
            : _byLabels.GetOrAdd((pool, backend), labels => new EndpointMetrics(_instruments, labels.Pool, labels.Backend));

    private void ReadGauges()
    {
        lock (_looking)
        {
            ReadAll();
        }
    }

    private void ReadAll()
    {
        _instruments.ActiveRequests.Set(ActiveRequests);
        _instruments.ClientConnections.Set(Volatile.Read(ref _clients));
        var now = _clock.GetElapsedTime(0);
        var present = new HashSet<(string, string)>();
        var loads = _instruments.PriorityLoad.GetAllLabelValues().ToLookup(labels => labels[0]);
        foreach (var pool in Volatile.Read(ref _pools).Values)
        {
            var snapshot = pool.Snapshot;
            _instruments.HealthyBackends.WithLabels(pool.Name).Set(snapshot.Available);
            _instruments.RetryBudgetUsed.WithLabels(pool.Name).Set(pool.RetryBudget.Read(now).Retries);
            _instruments.ZoneRouting.WithLabels(pool.Name).Set(snapshot.Zones is ZoneRouting.On ? 1 : 0);
            ReadPriorities(pool.Name, snapshot.Levels, loads[pool.Name]);
            ReadConcurrency(pool, snapshot.Settings.AdaptiveConcurrency);
            foreach (var member in snapshot.Members)
            {
                present.Add(LabelsOf(member.Endpoint));
                ReadGauges(member.Endpoint);
                ReadState(member);
            }
        }

        foreach (var (endpoint, leaving) in _leaving.Where(left => !IsForgotten(left.Key, left.Value, present)))
        {
            if (!present.Contains(LabelsOf(endpoint)))
            {
                ReadGauges(endpoint);
                ForgetState(endpoint);
            }
            else
            {
                AddInFlight(endpoint);
            }
        }

        ForgetPools(now - KeptUnscraped);
    }

    private void ReadGauges(Endpoint endpoint)
    {
        var (pool, backend) = LabelsOf(endpoint);
        var connections = _connections.Read(endpoint.Cell);
        var breaker = endpoint.Cell.Breaker;
        _instruments.ActiveConnections.WithLabels(pool, backend).Set(endpoint.Cell.InFlight);
        _instruments.BreakerState.WithLabels(pool, backend).Set(PhaseLabel.Value(breaker.Phase));
        _instruments.BreakerTrialsOut.WithLabels(pool, backend).Set(breaker.Trials);
        _instruments.ConnectionPoolSize.WithLabels(pool, backend).Set(connections.Open);
        _instruments.ConnectionPoolIdle.WithLabels(pool, backend).Set(connections.Idle);
        _instruments.ConnectionCreation.WithLabels(pool, backend).IncTo(connections.Created);
        _instruments.QueueLength.WithLabels(pool, backend).Set(connections.Waiting);
        _instruments.Queued.WithLabels(pool, backend).IncTo(connections.Queued);
        _instruments.QueueTimeouts.WithLabels(pool, backend).IncTo(connections.TimedOut);
    }

    private void ReadPriorities(string pool, ImmutableArray<RoutedLevel> levels, IEnumerable<string[]> known)
    {
        foreach (var level in levels)
        {
            _instruments.PriorityLoad.WithLabels(pool, PriorityLabel.Name(level.Level.Priority)).Set(level.Level.Load / 100d);
        }

        foreach (var gone in known.Where(l => levels.All(level => PriorityLabel.Name(level.Level.Priority) != l[1])))
        {
            _instruments.PriorityLoad.RemoveLabelled(gone);
        }
    }

    private void ReadState(PoolMember member)
    {
        var (pool, backend) = LabelsOf(member.Endpoint);
        var now = EndpointStates.Of(member, member.Endpoint.Status);
        foreach (var state in ShownStates)
        {
            _instruments.BackendState.WithLabels(pool, backend, state.Name()).Set(state == now ? 1 : 0);
        }
    }

    /// <summary>Drops the state gauge of a removed endpoint whose last requests are still in flight.</summary>
    private void ForgetState(Endpoint endpoint)
    {
        var (pool, backend) = LabelsOf(endpoint);
        foreach (var state in ShownStates)
        {
            _instruments.BackendState.RemoveLabelled(pool, backend, state.Name());
        }
    }

    /// <summary>Adds requests in flight at a removed endpoint whose address has come back: the two share their children.</summary>
    private void AddInFlight(Endpoint endpoint)
    {
        var (pool, backend) = LabelsOf(endpoint);
        _instruments.ActiveConnections.WithLabels(pool, backend).Inc(endpoint.Cell.InFlight);
        _instruments.ConnectionPoolSize.WithLabels(pool, backend).Inc(_connections.Read(endpoint.Cell).Open);
    }

    private static (string Pool, string Backend) LabelsOf(Endpoint endpoint) => (endpoint.Id.Pool, endpoint.Id.Address.Label);
}
