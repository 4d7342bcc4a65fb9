using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The children of one pool, backend and method: what a finished request adds to.</summary>
internal sealed class MethodMetrics
{
    private readonly GatewayInstruments _instruments;
    private readonly (string Pool, string Method, string Backend) _labels;
    private readonly Counter.Child?[] _statuses = new Counter.Child?[StatusLabel.Count];
    private readonly Histogram.Child _duration;
    private readonly Histogram.Child _requestSize;
    private readonly Histogram.Child _responseSize;

    public MethodMetrics(GatewayInstruments instruments, string pool, string method, string backend)
    {
        _instruments = instruments;
        _labels = (pool, method, backend);
        _duration = instruments.RequestDuration.WithLabels(pool, method, backend);
        _requestSize = instruments.RequestSize.WithLabels(pool, method, backend);
        _responseSize = instruments.ResponseSize.WithLabels(pool, method, backend);
    }

    /// <summary>Counts one request.</summary>
    /// <param name="requestBytes">Bytes of its body.</param>
    /// <param name="responseBytes">Bytes of the answer's body.</param>
    public void Ended(int status, TimeSpan duration, long requestBytes, long responseBytes)
    {
        var index = StatusLabel.IndexOf(status);
        (_statuses[index] ??= _instruments.Requests.WithLabels(_labels.Pool, _labels.Method, _labels.Backend, StatusLabel.Name(index))).Inc();
        _duration.Observe(duration.TotalSeconds);
        _requestSize.Observe(requestBytes);
        _responseSize.Observe(responseBytes);
    }
}
