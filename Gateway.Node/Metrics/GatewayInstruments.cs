using Gateway.Http;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Every instrument of the gateway, with its help text. docs/metrics.md lists the same; a test compares them.</summary>
internal sealed class GatewayInstruments
{
    /// <summary>1 ms to 30 s.</summary>
    private static readonly double[] Durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

    /// <summary>100 B to 100 MB.</summary>
    private static readonly double[] Sizes = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    private readonly MetricFactory _factory;
    private readonly List<CollectorHandle> _perPool = [];

    public GatewayInstruments(CollectorRegistry registry)
    {
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);

        Requests = Counter("request_total", "Requests answered, by the backend of the last attempt (none: no attempt was made).", "pool", "method", "backend", "status");
        RequestDuration = Histogram("request_duration_seconds", "Time from the request head to the end of the answer.", Durations, "pool", "method", "backend");
        RequestSize = Histogram("request_size_bytes", "Size of request bodies.", Sizes, "pool", "method", "backend");
        ResponseSize = Histogram("response_size_bytes", "Size of answer bodies.", Sizes, "pool", "method", "backend");
        BackendRequests = Counter("backend_requests_total", "Attempts started.", "pool", "backend");
        BackendFailures = Counter("backend_failures_total", "Attempts that counted as failures of the backend.", "pool", "backend", "reason");
        BackendResponses = Counter("backend_responses_total", "Answers of backends by status class, including answers that were retried.", "pool", "backend", "class");
        BackendState = Gauge("backend_state", "1 for the current state of the backend on this replica, 0 for the others.", "pool", "backend", "state");
        BackendResponseTime = Histogram("backend_response_time_seconds", "Time from the start of an attempt to the head of its answer.", Durations, "pool", "backend");
        HealthChecks = Counter("health_check_total", "Probes completed.", "pool", "backend");
        HealthCheckFailures = Counter("health_check_failures_total", "Probes that failed.", "pool", "backend");
        Probes = Counter("probes_total", "Probes completed, by the reason why this replica sent them.", "pool", "backend", "reason");
        ProbeSlots = _factory.CreateGauge("gateway_probe_slots", "Maximum number of probes in flight, not counting those that verify reports.");
        ProbesInFlight = _factory.CreateGauge("gateway_probes_in_flight", "Probes in flight.");
        ProbesWaiting = _factory.CreateGauge("gateway_probes_waiting", "Probes that are due and wait for a slot.");
        ProbesLate = _factory.CreateCounter("gateway_probes_late_total", "Probes started more than a fifth of their interval after they were due.", Plain());
        Decisions = Counter("decisions_total", "Decisions on an endpoint that differ from the previous one in kind or reason.", "pool", "backend", "decision", "reason");
        EjectionsDetected = Counter("ejections_detected_total", "Ejections and holds called for by reports of other replicas, and outliers of the pool.", "pool", "backend", "what");
        EjectionsEnforced = Counter("ejections_enforced_total", "Detected ejections and holds that the caps of the pool allowed.", "pool", "backend", "what");
        EvidenceGaps = _factory.CreateCounter("gateway_evidence_gaps_total", "Requests for all evidence of a replica, because it was new or a message was lost.", Plain());
        EvidenceStaleness = Gauge("evidence_staleness_seconds", "Time since the last message of a replica; at 3 s its evidence stops counting.", "replica");
        VerdictTransitions = Counter("health_transitions_total", "Verdict changes.", "pool", "backend", "from", "to");
        HealthyBackends = Gauge("healthy_backends", "Endpoints that can be picked now.", "pool");
        BreakerState = Gauge("circuit_breaker_state", "0 closed, 0.5 half-open, 1 open.", "pool", "backend");
        BreakerTransitions = Counter("circuit_breaker_transitions_total", "Phase changes of the breaker.", "pool", "backend", "from", "to");
        BreakerTrialsOut = Gauge("circuit_breaker_trials", "Permits of the half-open breaker in use.", "pool", "backend");
        BreakerTrialsLost = Counter("circuit_breaker_trials_lost_total", "Times that trials were given up because they did not report.", "pool", "backend");
        GrantsGiven = Counter("grants_given_total", "Trials that this replica granted as the backend's granter.", "pool", "backend");
        GrantsExpired = Counter("grants_expired_total", "Grants of this replica that expired without a report.", "pool", "backend");
        GrantsUnanswered = Counter("grants_unanswered_total", "Times that the backend's granter did not answer, so that this replica used its own permits.", "pool", "backend");
        ActiveConnections = Gauge("active_connections", "Attempts in flight.", "pool", "backend");
        ConnectionPoolSize = Gauge("connection_pool_size", "Open connections.", "pool", "backend");
        ConnectionCreation = Counter("connection_creation_total", "Connections opened.", "pool", "backend");
        ConnectionPoolIdle = Gauge("connection_pool_idle", "Idle open connections.", "pool", "backend");
        QueueLength = Gauge("queue_length", "Attempts waiting for a connection.", "pool", "backend");
        Queued = Counter("queued_total", "Attempts that waited because every connection was busy.", "pool", "backend");
        QueueTimeouts = Counter("queue_timeouts_total", "Attempts for which no connection became free in time.", "pool", "backend");
        RequestsSaturated = Counter("requests_saturated_total", "Requests refused because all backends and queues were full.", "pool");
        Retries = Counter("retries_total", "Retries sent; kind failover: the free first one after a refused or broken connection.", "pool", "kind");
        RetriesRefused = Counter("retries_refused_total", "Retries that the rules allowed but the budget or the deadline did not.", "pool");
        RetryBudgetUsed = Gauge("retry_budget_retries", "Retries of the last 10 s that count against the budget.", "pool");
        PanicPicks = Counter("panic_picks_total", "Picks that ignored health because too few endpoints were available.", "pool");
        ZonePicks = Counter("zone_picks_total", "Picks routed by zone: to the replica's own (local) or another (remote).", "pool", "zone");
        ZoneRouting = Gauge("zone_routing", "1 if requests are routed by zone, 0 if zones do not apply.", "pool");
        PriorityPicks = Counter("priority_picks_total", "Picks in a pool with several priorities, by the priority of the endpoint.", "pool", "priority");
        PriorityLoad = Gauge("priority_load", "Share of the pool's requests assigned to the endpoints of a priority, 0 to 1.", "pool", "priority");
        ConcurrencyLimit = Gauge("concurrency_limit", "Adaptive limit of the pool's requests waiting for their answer.", "pool");
        ConcurrencyInFlight = Gauge("concurrency_in_flight", "Requests waiting for their answer, in a pool with an adaptive limit.", "pool");
        ConcurrencyRefused = Counter("concurrency_refused_total", "Requests refused because of the pool's adaptive limit.", "pool", "priority");
        ActiveRequests = _factory.CreateGauge("gateway_active_requests", "Requests being proxied.");
        ClientConnections = _factory.CreateGauge("gateway_client_connections", "Open client connections.");
        RequestsShed = _factory.CreateCounter("gateway_requests_shed_total", "Requests refused because of max-connections.", Plain());
        RequestsMalformed = Counter("requests_malformed_total", "Requests refused because they are invalid HTTP or exceed a limit.", "reason");
        foreach (var fault in Enum.GetValues<HttpFault>().Where(HttpFaults.IsOfRequests))
        {
            RequestsMalformed.WithLabels(HttpFaults.NameOf(fault)).Publish();
        }

        AccessLogLines = _factory.CreateCounter("gateway_access_log_lines_total", "Access log lines written.", Plain());
        AccessLogLeftOut = _factory.CreateCounter("gateway_access_log_left_out_total", "Requests that sampling left out of the access log.", Plain());
        AccessLogDropped = Counter("access_log_dropped_total", "Access log lines lost.", "reason");
        LoopTurnsSlow = _factory.CreateCounter("gateway_loop_slow_turns_total", "Turns of an event loop that took more than 5 ms, delaying all of its connections.", Plain());
        LoopConnections = Gauge("loop_connections", "Connections of clients and backends on an event loop.", "loop");
        ConfigReloads = Counter("config_reloads_total", "Reloads of the settings.", "result");
        Paused = _factory.CreateCounter("gateway_paused_seconds_total", "Time during which this process was paused; it does not count against backends.", Plain());
        ClusterMembers = Gauge("cluster_members", "Replicas of the cluster as this replica sees them, including itself.", "zone", "kind", "state");
        ClusterUnreachable = _factory.CreateGauge("gateway_cluster_unreachable_members", "Unreachable replicas of the cluster.");
        SettingsDiffer = _factory.CreateGauge("gateway_settings_differ", "Pools whose settings have differed from another replica's for 30 s, or that only one of the two has.");
        ClusterRejoins = Counter("cluster_rejoins_total", "Times that this replica was out of the cluster and began to rejoin.", "reason");
        ClusterMessagesSent = Counter("cluster_messages_sent_total", "Messages sent, counted once per receiving replica.", "message");
        ClusterMessagesReceived = Counter("cluster_messages_received_total", "Messages received from other replicas.", "message");
        ClusterMessagesDropped = Counter("cluster_messages_dropped_total", "Messages that could not be sent, or were not understood.", "message");
        ActorCrashes = Counter("actor_crashes_total", "Times that an actor crashed or stopped and was restarted.", "actor");
        ActorsDown = Gauge("actors_down", "Actors that stopped and are not restarted yet; traffic continues without them.", "actor");
        BuildInfo = Gauge("build_info", "Always 1.", "version", "runtime");
    }

    public Counter Requests { get; }

    public Histogram RequestDuration { get; }

    public Histogram RequestSize { get; }

    public Histogram ResponseSize { get; }

    public Counter BackendRequests { get; }

    public Counter BackendFailures { get; }

    public Counter BackendResponses { get; }

    public Gauge BackendState { get; }

    public Histogram BackendResponseTime { get; }

    public Counter HealthChecks { get; }

    public Counter HealthCheckFailures { get; }

    public Counter Probes { get; }

    public Gauge ProbeSlots { get; }

    public Gauge ProbesInFlight { get; }

    public Gauge ProbesWaiting { get; }

    public Counter ProbesLate { get; }

    public Counter Decisions { get; }

    public Counter EjectionsDetected { get; }

    public Counter EjectionsEnforced { get; }

    public Counter EvidenceGaps { get; }

    public Gauge EvidenceStaleness { get; }

    public Counter VerdictTransitions { get; }

    public Gauge HealthyBackends { get; }

    public Gauge BreakerState { get; }

    public Counter BreakerTransitions { get; }

    public Gauge BreakerTrialsOut { get; }

    public Counter BreakerTrialsLost { get; }

    public Counter GrantsGiven { get; }

    public Counter GrantsExpired { get; }

    public Counter GrantsUnanswered { get; }

    public Gauge ActiveConnections { get; }

    public Gauge ConnectionPoolSize { get; }

    public Counter ConnectionCreation { get; }

    public Gauge ConnectionPoolIdle { get; }

    public Gauge QueueLength { get; }

    public Counter Queued { get; }

    public Counter QueueTimeouts { get; }

    public Counter RequestsSaturated { get; }

    public Counter Retries { get; }

    public Counter RetriesRefused { get; }

    public Gauge RetryBudgetUsed { get; }

    public Counter PanicPicks { get; }

    public Counter ZonePicks { get; }

    public Gauge ZoneRouting { get; }

    public Counter PriorityPicks { get; }

    public Gauge PriorityLoad { get; }

    public Gauge ConcurrencyLimit { get; }

    public Gauge ConcurrencyInFlight { get; }

    public Counter ConcurrencyRefused { get; }

    public Gauge ActiveRequests { get; }

    public Gauge ClientConnections { get; }

    public Counter RequestsShed { get; }

    public Counter RequestsMalformed { get; }

    public Counter AccessLogLines { get; }

    public Counter AccessLogLeftOut { get; }

    public Counter AccessLogDropped { get; }

    public Counter LoopTurnsSlow { get; }

    public Gauge LoopConnections { get; }

    public Counter ConfigReloads { get; }

    public Counter Paused { get; }

    public Gauge ClusterMembers { get; }

    public Gauge ClusterUnreachable { get; }

    public Gauge SettingsDiffer { get; }

    public Counter ClusterRejoins { get; }

    public Counter ClusterMessagesSent { get; }

    public Counter ClusterMessagesReceived { get; }

    public Counter ClusterMessagesDropped { get; }

    public Counter ActorCrashes { get; }

    public Gauge ActorsDown { get; }

    public Gauge BuildInfo { get; }

    /// <summary>Removes the children of one backend of one pool from all instruments.</summary>
    public void RemoveBackend(string pool, string backend)
    {
        foreach (var collector in _perPool.Where(collector => collector.BackendIndex > 0))
        {
            foreach (var labels in collector.Labels().Where(l => l[0] == pool && l[collector.BackendIndex] == backend).ToList())
            {
                collector.Remove(labels);
            }
        }
    }

    /// <summary>Removes all children of one pool.</summary>
    public void RemovePool(string pool)
    {
        foreach (var collector in _perPool)
        {
            foreach (var labels in collector.Labels().Where(l => l[0] == pool).ToList())
            {
                collector.Remove(labels);
            }
        }
    }

    private static CounterConfiguration Plain() => new() { ExemplarBehavior = ExemplarBehavior.NoExemplars() };

    private Counter Counter(string name, string help, params string[] labels) =>
        Track(_factory.CreateCounter($"gateway_{name}", help, labels, Plain()));

    private Gauge Gauge(string name, string help, params string[] labels) =>
        Track(_factory.CreateGauge($"gateway_{name}", help, labels));

    private Histogram Histogram(string name, string help, double[] buckets, params string[] labels) =>
        Track(_factory.CreateHistogram(
            $"gateway_{name}", help, labels, new HistogramConfiguration { Buckets = buckets, ExemplarBehavior = ExemplarBehavior.NoExemplars() }));

    private TCollector Track<TCollector>(TCollector collector)
        where TCollector : Collector
    {
        if (collector.LabelNames is ["pool", ..] && Array.IndexOf(collector.LabelNames, "backend") is var index)
        {
            _perPool.Add(collector switch
            {
                Counter c => new(index, c.GetAllLabelValues, c.RemoveLabelled),
                Gauge g => new(index, g.GetAllLabelValues, g.RemoveLabelled),
                Histogram h => new(index, h.GetAllLabelValues, h.RemoveLabelled),
                _ => throw new ArgumentException($"{collector.Name} is of a kind without children", nameof(collector)),
            });
        }

        return collector;
    }

    /// <summary>Common properties of all kinds of collectors, for which the library has no type.</summary>
    /// <param name="BackendIndex">The index of the backend's label; -1: none.</param>
    private sealed record CollectorHandle(int BackendIndex, Func<IEnumerable<string[]>> Labels, Action<string[]> Remove);
}
