using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Wire;
using Gateway.Actors.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Scale;

/// <summary>
/// Replicas in virtual time. Each is a single server: it processes one event after another, and an event takes the real CPU time of its code, on one core.
/// Messages are encoded by the gateway's own codecs, and decoded by each receiver half a millisecond later.
/// </summary>
internal sealed class Network(int seed)
{
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(0.5);

    private readonly PriorityQueue<(SimulatedReplica Replica, Action Act), (TimeSpan Time, long Number)> _events = new();
    private readonly Dictionary<ReplicaId, SimulatedReplica> _replicas = [];
    private long _number;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    public Tally Tally { get; private set; } = new();

    /// <summary>When anything except a beat was last sent.</summary>
    public TimeSpan LastWord { get; private set; }

    public IEnumerable<SimulatedReplica> Replicas => _replicas.Values;

    public void Add(SimulatedReplica replica) => _replicas.Add(replica.Id, replica);

    /// <summary>Restarts the counts.</summary>
    public Tally Restart()
    {
        var before = Tally;
        (Tally, LastWord) = (new(), Now);
        return before;
    }

    public void At(TimeSpan time, SimulatedReplica replica, Action act) => _events.Enqueue((replica, act), (time, _number++));

    public void Send(SimulatedReplica from, IEnumerable<ReplicaId> to, IWireMessage message)
    {
        var codec = WireCodecs.Of(message);
        var writer = new WireWriter();
        writer.Replica(from.Id);
        writer.Text(codec.Manifest);
        codec.Write(writer, message);
        var bytes = writer.ToArray();
        if (message is not EvidenceBeat)
        {
            LastWord = from.Now;
        }

        from.AfterThis(() =>
        {
            foreach (var id in to)
            {
                Tally.Sent(message, bytes.Length);
                if (_replicas.TryGetValue(id, out var receiver))
                {
                    At(from.Now + Latency, receiver, () => receiver.Hear(from.Id, Read(bytes)));
                }
            }
        });
    }

    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var at) && at.Time <= end)
        {
            var (replica, act) = _events.Dequeue();
            Now = at.Time;
            Tally.Worked(replica.Id, replica.Run(at.Time, act));
        }

        Now = end;
    }

    private static IWireMessage Read(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        reader.Replica();
        return WireCodecs.Find(reader.Text())!.Read(reader);
    }
}
