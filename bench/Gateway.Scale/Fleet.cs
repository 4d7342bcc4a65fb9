using System.Globalization;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Scale;

/// <summary>The endpoints, which of them are dead, and what the replicas notice of that.</summary>
internal sealed class Fleet
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ProbeTakes = TimeSpan.FromMilliseconds(1);

    /// <summary>The time in which a starting replica sends the first probes to its own endpoints: one after another, like the prober at its limit.</summary>
    public static readonly TimeSpan FirstProbeWithin = TimeSpan.FromMilliseconds(200);

    /// <summary>The interval of one replica's requests to an endpoint that dies.</summary>
    public static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The duration of a request in the error scenario.</summary>
    public static readonly TimeSpan AnswerTakes = TimeSpan.FromMilliseconds(5);

    private readonly EndpointId[] _ids;
    private readonly Dictionary<EndpointId, int> _index = [];
    private readonly Dictionary<(ReplicaId, int), TimeSpan> _stopped = [];
    private int _dead;

    public Fleet(int count)
    {
        _ids = [.. Enumerable.Range(0, count).Select(i => new EndpointId("default", AddressOf(i)))];
        for (var i = 0; i < count; i++)
        {
            _index[_ids[i]] = i;
        }
    }

    public int Count => _ids.Length;

    /// <summary>Whether only owners probe yet, so that a simulated cluster begins like one that has run for long.</summary>
    public bool Seeding { get; set; } = true;

    public TimeSpan? FirstTrip { get; private set; }

    /// <summary>Breakers opened, on all replicas.</summary>
    public long Trips { get; private set; }

    /// <summary>The share of errors among all answers.</summary>
    public double Errors { get; init; }

    public Turns Turns { get; } = new();

    public long Attempts { get; private set; }

    public EndpointId this[int index] => _ids[index];

    public int IndexOf(EndpointId id) => _index[id];

    public bool IsDead(int endpoint) => endpoint < _dead;

    public void Kill(int count) => (_dead, FirstTrip, Attempts) = (count, null, 0);

    public void Attempted() => Attempts++;

    public void Tripped(TimeSpan now)
    {
        FirstTrip ??= now;
        Trips++;
    }

    public double ErrorsOf(int endpoint) => IsDead(endpoint) ? 1 : Errors;

    public void Stopped(ReplicaId replica, int endpoint, TimeSpan now) => _stopped.TryAdd((replica, endpoint), now);

    /// <summary>When the last replica stopped sending to the last dead endpoint; null: some still do.</summary>
    public TimeSpan? AllStopped(int replicas) => _stopped.Count == replicas * _dead ? _stopped.Values.Max() : null;

    private static EndpointAddress AddressOf(int i)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"http://10.{i / 65536}.{i / 256 % 256}.{i % 256}:8001");
        return EndpointAddress.TryParse(text, out var address, out var fault) ? address : throw new InvalidOperationException(fault);
    }
}
