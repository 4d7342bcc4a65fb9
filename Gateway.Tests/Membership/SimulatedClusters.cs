using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Tests.Membership;

/// <summary>
/// Replicas with working links, in any arrangement of clusters. Messages take up to a second, joining and leaving longer, and gossip is delayed. Time advances
/// by seconds.
/// </summary>
internal sealed class SimulatedClusters
{
    /// <summary>After this the split brain resolver has removed dead members.</summary>
    private static readonly TimeSpan GhostsUntil = TimeSpan.FromSeconds(25);

    private readonly Dictionary<HostPort, SimulatedReplica> _alive = [];
    private readonly List<SimulatedCluster> _begun = [];
    private List<(HostPort To, Action<SimulatedReplica> What)> _underWay = [];
    private long _uid;

    private SimulatedClusters(ImmutableArray<HostPort> seeds, int seed) => (Seeds, Random) = (seeds, new(seed));

    public ImmutableArray<HostPort> Seeds { get; }

    public Random Random { get; }

    public TimeSpan Now { get; private set; }

    public IReadOnlyCollection<SimulatedReplica> Alive => _alive.Values;

    public bool IsOne => _alive.Values.All(r => r.Cluster is not null && r.Cluster == _alive.Values.First().Cluster && r.View!.ReachableGateways.Length == _alive.Count);

    public static SimulatedClusters Begin(Arrangement arrangement)
    {
        var all = new SimulatedClusters([.. arrangement.Seeds], arrangement.Number);
        var clusters = new Dictionary<int, SimulatedCluster>();
        foreach (var (address, group) in arrangement.Alive.OrderBy(_ => all.Random.Next()))
        {
            var replica = new SimulatedReplica(all, address, arrangement.FirstStart);
            all._alive.Add(address, replica);
            if (group == 0)
            {
                replica.Seek();
                continue;
            }

            if (!clusters.TryGetValue(group, out var cluster))
            {
                // Seeds outside it were members once, in an earlier life, and may not be removed yet.
                var ghosts = arrangement.Seeds.Where(s => all.Random.Next(2) == 0).Select(s => new Core.Membership.ReplicaId(s.ToString(), all.NextUid()));
                clusters[group] = cluster = new(ghosts);
                all._begun.Add(cluster);
            }

            cluster.Members.Add(replica.Id);
        }

        foreach (var (address, group) in arrangement.Alive.Where(a => a.Group != 0))
        {
            all._alive[address].Enter(clusters[group]);
        }

        return all;
    }

    public long NextUid() => ++_uid;

    /// <summary>Runs an action at a replica, immediately or within a second, if it is alive.</summary>
    public void Send(HostPort to, Action<SimulatedReplica> what)
    {
        if (_alive.TryGetValue(to, out var replica))
        {
            if (Random.Next(2) == 0)
            {
                what(replica);
            }
            else
            {
                _underWay.Add((to, what));
            }
        }
    }

    public void Second()
    {
        Now += TimeSpan.FromSeconds(1);
        if (Now == GhostsUntil)
        {
            _begun.ForEach(cluster => cluster.Ghosts.Clear());
        }

        (var arriving, _underWay) = (_underWay, []);
        arriving.ForEach(message => message.What(_alive[message.To]));
        foreach (var replica in _alive.Values)
        {
            replica.Tick();
        }
    }
}

/// <summary>The state of the replicas when all links work.</summary>
/// <param name="Seeds">All seeds; those not in <paramref name="Alive"/> are dead and stay so.</param>
/// <param name="Alive">Each with its cluster; 0: none.</param>
/// <param name="FirstStart">Whether those in no cluster are at their first start; otherwise they were downed.</param>
/// <param name="Number">The random seed.</param>
internal sealed record Arrangement(IReadOnlyList<HostPort> Seeds, IReadOnlyList<(HostPort Address, int Group)> Alive, bool FirstStart, int Number)
{
    public override string ToString() =>
        $"seeds {string.Join(",", Seeds)}; alive {string.Join(" ", Alive.Select(a => $"{a.Address}:{a.Group}"))}; first start {FirstStart}; number {Number}";
}
