using Gateway.Core.Health;

namespace Gateway.Tests.Health;

/// <summary>
/// A replica's probes in virtual time: every endpoint is due at once at first, then an interval (±10 %) after each result. A healthy one answers in 5 ms, a
/// silent one times out.
/// </summary>
internal sealed class ProbeSimulation(int? limit)
{
    private static readonly HealthPolicy Policy = HealthPolicy.Default;
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(5);

    private readonly ProbeQueue<int> _queue = new();
    private readonly List<SimulatedEndpoint> _endpoints = [];
    private readonly PriorityQueue<(int Number, ProbeTurn<int>? Ended), TimeSpan> _events = new();
    private readonly Random _random = new(7);

    public IEnumerable<SimulatedEndpoint> Answering => _endpoints.Where(endpoint => !endpoint.IsSilent);

    public IEnumerable<SimulatedEndpoint> Silent => _endpoints.Where(endpoint => endpoint.IsSilent);

    public void Add(int count, string pool, Func<int, bool> silent)
    {
        for (var i = 0; i < count; i++)
        {
            _endpoints.Add(new(_endpoints.Count, pool, silent(i)));
        }
    }

    public void Run(TimeSpan time)
    {
        var slots = ProbeSlots.For(_endpoints.Count * (Policy.Probe.Timeout / Policy.Interval), limit);
        _endpoints.ForEach(endpoint => _events.Enqueue((endpoint.Number, null), TimeSpan.Zero));
        while (_events.TryDequeue(out var what, out var now) && now < time)
        {
            var endpoint = _endpoints[what.Number];
            if (what.Ended is { } ended)
            {
                Assert.True(_queue.End(ended));
                endpoint.IsSlow = endpoint.IsSilent;
                _events.Enqueue((what.Number, null), now + (Policy.Interval * (0.9 + (0.2 * _random.NextDouble()))));
            }
            else
            {
                _queue.Add(what.Number, endpoint.Pool, verifying: false, endpoint.IsSlow, now);
            }

            while (_queue.Begin(slots) is { } turn)
            {
                var begun = _endpoints[turn.Target];
                begun.Probed(now);
                _events.Enqueue((turn.Target, turn), now + (begun.IsSilent ? Policy.Probe.Timeout : Answer));
            }
        }

        _endpoints.ForEach(endpoint => endpoint.End(time));
    }

    internal sealed class SimulatedEndpoint(int number, string pool, bool isSilent)
    {
        private TimeSpan? _last;

        public int Number => number;

        public string Pool => pool;

        public bool IsSilent => isSilent;

        /// <summary>Unknown at first.</summary>
        public bool IsSlow { get; set; } = true;

        public TimeSpan? FirstAt { get; private set; }

        public int Probes { get; private set; }

        /// <summary>The longest time between two of its probes, from the first on.</summary>
        public TimeSpan MaxGap { get; private set; }

        public void Probed(TimeSpan now)
        {
            Assert.False(Probes > 0 && IsSlow && !IsSilent);
            FirstAt ??= now;
            Probes++;
            Note(now);
            _last = now;
        }

        public void End(TimeSpan now) => Note(now);

        private void Note(TimeSpan now) => MaxGap = now - _last is { } gap && gap > MaxGap ? gap : MaxGap;
    }
}
