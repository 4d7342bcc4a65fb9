using Gateway.Core.Analytics;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Traffic;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>
/// The children of one backend of one pool, resolved once: a request pays for increments, not for lookups by label. Racing threads may resolve one twice; they
/// get the same child.
/// </summary>
internal sealed class EndpointMetrics
{
    /// <summary>The label value for a missing pool or backend.</summary>
    public const string None = "none";

    private readonly GatewayInstruments _instruments;
    private readonly Counter.Child _attempts;
    private readonly Histogram.Child _responseTime;
    private readonly Counter.Child?[] _failures = new Counter.Child?[Enum.GetValues<FailureReason>().Length];
    private readonly Counter.Child?[] _answers = new Counter.Child?[StatusClassLabel.Count];
    private readonly Counter.Child?[] _zonePicks = new Counter.Child?[Enum.GetValues<PickedZone>().Length];
    private readonly Counter.Child?[] _priorityPicks = new Counter.Child?[EndpointSettings.MaxPriority + 1];
    private readonly MethodMetrics?[] _methods = new MethodMetrics?[MethodLabel.Count];
    private readonly LatencyHistogram _untilHead = new();
    private readonly SharedTally _requests = new();
    private long _retried;
    private long _wentWell;
    private long _wentWrong;

    public EndpointMetrics(GatewayInstruments instruments, string pool, string backend)
    {
        _instruments = instruments;
        (Pool, Backend) = (pool, backend);
        _attempts = instruments.BackendRequests.WithLabels(pool, backend);
        _responseTime = instruments.BackendResponseTime.WithLabels(pool, backend);
        RequestSeries = new(SeriesKey.OfPool(pool), _requests.Read);
        AttemptSeries = backend == None ? null : new(SeriesKey.Endpoint(pool, backend), ReadAttempts);
    }

    public string Pool { get; }

    public string Backend { get; }

    /// <summary>Requests that ended here, for the pool's analytics.</summary>
    public BackendSeries RequestSeries { get; }

    /// <summary>Attempts sent here, for the endpoint's analytics; null if no backend was picked.</summary>
    public BackendSeries? AttemptSeries { get; }

    /// <summary>Attempts begun, failed, and followed by another one.</summary>
    public TrafficTotals Attempts => new(_attempts.Value, _failures.Sum(f => f?.Value ?? 0), Interlocked.Read(ref _retried))
    {
        Answers = new(InClass(1), InClass(2), InClass(3), InClass(4), InClass(5)),
    };

    /// <summary>Requests that ended here, and those of them answered with 500 to 599.</summary>
    public TrafficTotals Requests => _methods.Aggregate(default(TrafficTotals), (sum, m) => m is null ? sum : sum + m.Requests);

    /// <summary>Counts an attempt begun.</summary>
    public void Begun() => _attempts.Inc();

    /// <summary>Counts a pick by zone.</summary>
    public void PickedBy(PickedZone zone) =>
        (_zonePicks[(int)zone] ??= _instruments.ZonePicks.WithLabels(Pool, zone == PickedZone.Local ? "local" : "remote")).Inc();

    /// <summary>Counts a pick by priority, in a pool with several.</summary>
    public void PickedFor(int priority) =>
        (_priorityPicks[priority] ??= _instruments.PriorityPicks.WithLabels(Pool, PriorityLabel.Name(priority))).Inc();

    /// <summary>Counts the head of a final answer, passed on or not.</summary>
    public void Headed(int status)
    {
        var index = StatusClassLabel.IndexOf(status);
        (_answers[index] ??= _instruments.BackendResponses.WithLabels(Pool, Backend, StatusClassLabel.Name(index))).Inc();
    }

    /// <summary>Counts a head that was passed on.</summary>
    public void Answered(TimeSpan untilHead)
    {
        _responseTime.Observe(untilHead.TotalSeconds);
        _untilHead.Observe(untilHead);
    }

    /// <summary>Counts an attempt here that is followed by another one.</summary>
    public void Retried() => Interlocked.Increment(ref _retried);

    public void Failed(FailureReason reason) =>
        (_failures[(int)reason] ??= _instruments.BackendFailures.WithLabels(Pool, Backend, ReasonLabel.Of(reason))).Inc();

    /// <summary>Counts the end of an attempt here.</summary>
    /// <param name="wentWrong">Whether it counted as the endpoint's failure, or was answered with 500 to 599.</param>
    public void Ended(bool wentWrong) => Interlocked.Increment(ref (wentWrong ? ref _wentWrong : ref _wentWell));

    /// <summary>Counts an answer below 500 that the backend broke off.</summary>
    public void BrokenOff() => _requests.BrokenOff();

    /// <summary>The counters of requests of this method that end here.</summary>
    public MethodMetrics Of(string method)
    {
        var index = MethodLabel.IndexOf(method);
        return _methods[index] ??= new MethodMetrics(_instruments, Pool, MethodLabel.Name(index), Backend, _requests);
    }

    private double InClass(int index) => _answers[index]?.Value ?? 0;

    private SeriesCounts ReadAttempts()
    {
        var (wentWell, wentWrong) = (Interlocked.Read(ref _wentWell), Interlocked.Read(ref _wentWrong));
        return new(wentWell + wentWrong, wentWrong, _requests.Read().Durations, LatencyCounts.Of(_untilHead));
    }

    /// <summary>Adds the times from the start of an attempt here to the head of its answer.</summary>
    public void AddLatenciesTo(Span<long> counts) => _untilHead.AddTo(counts);

    /// <summary>Adds the durations of the requests that ended here.</summary>
    public void AddDurationsTo(Span<long> counts) => _requests.AddTo(counts);
}
