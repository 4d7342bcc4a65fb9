using Gateway.Core.Outcomes;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>
/// The children of one backend of one pool, resolved once: a request pays for increments, not for look-ups by label. Racing threads may
/// resolve one twice; they get the same child.
/// </summary>
internal sealed class EndpointMetrics
{
    /// <summary>The label value where there was no pool or no backend.</summary>
    public const string None = "none";

    private readonly GatewayInstruments _instruments;
    private readonly Counter.Child _attempts;
    private readonly Histogram.Child _responseTime;
    private readonly Counter.Child?[] _failures = new Counter.Child?[Enum.GetValues<FailureReason>().Length];
    private readonly MethodMetrics?[] _methods = new MethodMetrics?[MethodLabel.Count];

    public EndpointMetrics(GatewayInstruments instruments, string pool, string backend)
    {
        _instruments = instruments;
        (Pool, Backend) = (pool, backend);
        _attempts = instruments.BackendRequests.WithLabels(pool, backend);
        _responseTime = instruments.BackendResponseTime.WithLabels(pool, backend);
    }

    public string Pool { get; }

    public string Backend { get; }

    /// <summary>An attempt was begun.</summary>
    public void Begun() => _attempts.Inc();

    /// <summary>A head came and was passed on.</summary>
    public void Answered(TimeSpan untilHead) => _responseTime.Observe(untilHead.TotalSeconds);

    public void Failed(FailureReason reason) =>
        (_failures[(int)reason] ??= _instruments.BackendFailures.WithLabels(Pool, Backend, ReasonLabel.Of(reason))).Inc();

    /// <summary>What requests of this method that ended here add to.</summary>
    public MethodMetrics Of(string method)
    {
        var index = MethodLabel.IndexOf(method);
        return _methods[index] ??= new MethodMetrics(_instruments, Pool, MethodLabel.Name(index), Backend);
    }
}
