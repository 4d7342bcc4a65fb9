using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

/// <summary>
/// A pool under an adaptive limit, in virtual time: requests arrive at random, a number of them is served concurrently, the others queue. Service times have a
/// gamma distribution around their mean (four exponential stages).
/// </summary>
internal sealed class SimulatedBackend(ConcurrencyPolicy policy, int seed)
{
    private const int Stages = 4;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<(TimeSpan Arrived, int Among), TimeSpan> _serving = new();
    private readonly Queue<(TimeSpan Arrived, int Among)> _queue = new();
    private readonly List<double> _latencies = [];
    private TimeSpan _now = TimeSpan.FromHours(1);
    private int _refused;

    public ConcurrencyLimiter Limiter { get; } = new();

    public int Limit => policy.Bound(Limiter.State.Limit);

    /// <summary>Unanswered requests.</summary>
    public int Waiting => _serving.Count + _queue.Count;

    /// <summary>Requests served concurrently.</summary>
    public int Servers { get; set; } = 100;

    /// <summary>The mean, without a queue.</summary>
    public TimeSpan ServiceTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Requests arriving per second.</summary>
    public double Arrivals { get; set; }

    /// <summary>Requests it can answer per second.</summary>
    public double Capacity => Servers / ServiceTime.TotalSeconds;

    /// <summary>Runs for a while, and returns the results.</summary>
    public SimulatedSeconds Run(double seconds)
    {
        _latencies.Clear();
        _refused = 0;
        var (lowest, highest) = (Limit, Limit);
        var end = _now + TimeSpan.FromSeconds(seconds);
        for (var arrival = _now + Pause(); arrival < end; arrival += Pause())
        {
            Serve(arrival);
            _now = arrival;
            Arrive();
            (lowest, highest) = (Math.Min(lowest, Limit), Math.Max(highest, Limit));
        }

        Serve(end);
        _now = end;
        _latencies.Sort();
        return new(
            _latencies.Count / seconds, _refused / seconds, _latencies.Count == 0 ? 0 : _latencies.Average(),
            _latencies.Count == 0 ? 0 : _latencies[(int)(_latencies.Count * 0.99)], lowest, highest);
    }

    /// <summary>Stops arrivals: requests in progress are answered.</summary>
    public void Finish() => Serve(TimeSpan.MaxValue);

    private TimeSpan Pause() => TimeSpan.FromSeconds(Exponential() / Arrivals);

    private double Exponential() => -Math.Log(1 - _random.NextDouble());

    private TimeSpan Service() => ServiceTime * (Enumerable.Range(0, Stages).Sum(_ => Exponential()) / Stages);

    private void Arrive()
    {
        if (!Limiter.TryEnter(policy, RequestPriority.Critical, out var among))
        {
            _refused++;
        }
        else if (_serving.Count < Servers)
        {
            _serving.Enqueue((_now, among), _now + Service());
        }
        else
        {
            _queue.Enqueue((_now, among));
        }
    }

    /// <summary>Answers requests completed by then.</summary>
    private void Serve(TimeSpan until)
    {
        while (_serving.TryPeek(out var request, out var at) && at <= until)
        {
            _serving.Dequeue();
            _now = at;
            Limiter.Leave();
            Limiter.Observe(policy, at - request.Arrived, request.Among, at);
            _latencies.Add((at - request.Arrived).TotalMilliseconds);
            while (_serving.Count < Servers && _queue.TryDequeue(out var next))
            {
                _serving.Enqueue(next, at + Service());
            }
        }
    }
}
