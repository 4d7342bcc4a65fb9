using Gateway.Core.Analytics;
using Gateway.Core.Traffic;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>The children of one pool, backend and method, to which finished requests are added.</summary>
internal sealed class MethodMetrics
{
    private readonly GatewayInstruments _instruments;
    private readonly (string Pool, string Method, string Backend) _labels;
    private readonly Counter.Child?[] _statuses = new Counter.Child?[StatusLabel.Count];
    private readonly Histogram.Child _duration;
    private readonly Histogram.Child _requestSize;
    private readonly Histogram.Child _responseSize;
    private readonly SharedTally _requests;

    /// <param name="requests">Counts the requests of all methods too.</param>
    public MethodMetrics(GatewayInstruments instruments, string pool, string method, string backend, SharedTally requests)
    {
        _instruments = instruments;
        _labels = (pool, method, backend);
        _duration = instruments.RequestDuration.WithLabels(pool, method, backend);
        _requestSize = instruments.RequestSize.WithLabels(pool, method, backend);
        _responseSize = instruments.ResponseSize.WithLabels(pool, method, backend);
        _requests = requests;
    }

    /// <summary>Requests that ended, and those of them answered with 500 to 599.</summary>
    public TrafficTotals Requests
    {
        get
        {
            var answers = new AnswerClasses(InClass(1), InClass(2), InClass(3), InClass(4), InClass(5));
            return new(_statuses.Sum(s => s?.Value ?? 0), answers.ServerError, Retries: 0) { Answers = answers };
        }
    }

    private double InClass(int hundreds) => _statuses.Skip(hundreds * 100).Take(100).Sum(s => s?.Value ?? 0);

    /// <summary>Counts one request.</summary>
    /// <param name="requestBytes">The bytes of its body.</param>
    /// <param name="responseBytes">The bytes of the answer's body.</param>
    public void Ended(int status, TimeSpan duration, long requestBytes, long responseBytes)
    {
        var index = StatusLabel.IndexOf(status);
        (_statuses[index] ??= _instruments.Requests.WithLabels(_labels.Pool, _labels.Method, _labels.Backend, StatusLabel.Name(index))).Inc();
        _duration.Observe(duration.TotalSeconds);
        _requests.Ended(duration, isError: status is >= 500 and < 600);
        _requestSize.Observe(requestBytes);
        _responseSize.Observe(responseBytes);
    }
}
