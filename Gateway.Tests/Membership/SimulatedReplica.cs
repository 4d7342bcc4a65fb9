using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

/// <summary>A replica of <see cref="SimulatedClusters"/>: the pure rules, called as by <see cref="ClusterActor"/>.</summary>
internal sealed class SimulatedReplica(SimulatedClusters all, HostPort address, bool firstStart)
{
    private static readonly ClusterTimes Times = ClusterTimes.Default;

    private TimeSpan _backAt;
    private TimeSpan _askedAt;
    private Seeking? _seeking;
    private Rivalry _rivalry = new(Times.AskAsMember);
    private (HostPort Seed, TimeSpan At)? _joining;
    private HostPort? _yieldedTo;
    private bool _firstStart = firstStart;

    public ReplicaId Id { get; private set; } = new(address.ToString(), all.NextUid());

    /// <summary>The members of its cluster in the order in which they joined; null: it is in none.</summary>
    public SimulatedCluster? Cluster { get; private set; }

    /// <summary>Its view of its cluster, from the gossip so far.</summary>
    public ClusterView? View { get; private set; }

    public int Yielded { get; private set; }

    /// <summary>Makes it a member.</summary>
    public void Enter(SimulatedCluster cluster)
    {
        (Cluster, _seeking, _firstStart, _yieldedTo) = (cluster, null, false, null);
        _askedAt = all.Now - TimeSpan.FromSeconds(all.Random.NextDouble() * Times.AskAsMember.TotalSeconds);
        View = cluster.Seen(Id);
    }

    /// <summary>Begins to seek a cluster, in none.</summary>
    public void Seek() => _seeking = new(address, all.Seeds, _firstStart, all.Now, Times.Seek);

    public void Tick()
    {
        if (Cluster is null && _seeking is null && all.Now >= _backAt)
        {
            Id = new(address.ToString(), all.NextUid());
            Seek();
        }

        if (_seeking is not null)
        {
            TickSeeking();
        }
        else if (Cluster is not null)
        {
            TickMember();
        }
    }

    /// <summary>Handles another replica's request. A replica between two lives does not answer.</summary>
    public void OnAsk(ReplicaId from, AskReplica ask)
    {
        if (Cluster is not null || _seeking is not null)
        {
            Hear(from, ask.To(Id));
            var report = View is null ? ClusterReport.None : ClusterReport.Of(View, from);
            all.Send(from.ClusterAddress, to => to.OnReport(Id, report));
        }
    }

    private void OnReport(ReplicaId from, ClusterReport report) => Hear(from, report);

    private void Hear(ReplicaId from, ClusterReport report)
    {
        if (_seeking is not null)
        {
            _seeking = _seeking.Hear(from.ClusterAddress, report, all.Now);
        }
        else if (Cluster is not null)
        {
            (_rivalry, var yield) = _rivalry.Hear(from.ClusterAddress, View!, report, all.Now);
            if (yield)
            {
                Yielded++;
                Cluster.Members.Remove(Id);
                (Cluster, View, _rivalry, _joining, _yieldedTo) = (null, null, new(Times.AskAsMember), null, from.ClusterAddress);
                _backAt = all.Now + TimeSpan.FromSeconds(0.5 + (4 * all.Random.NextDouble()));
            }
        }
    }

    private void TickSeeking()
    {
        foreach (var seed in all.Seeds.Select(seed => (HostPort?)seed).Append(_yieldedTo).OfType<HostPort>().Distinct().Where(s => s != address))
        {
            Ask(seed);
        }

        (_seeking, var step) = _seeking!.Decide(all.Now);
        if (step is JoinStep.Form)
        {
            var cluster = new SimulatedCluster([]);
            cluster.Members.Add(Id);
            Enter(cluster);
        }
        else if (step is JoinStep.Join(var seed) && !(_joining is { } last && last.Seed == seed && all.Now - last.At < Times.Retry))
        {
            _joining = (seed, all.Now);
            var life = Id;
            all.Send(seed, host =>
            {
                if (host.Cluster is { } cluster && Id == life && Cluster is null)
                {
                    cluster.Members.Add(Id);
                    Enter(cluster);
                }
            });
        }
    }

    private void TickMember()
    {
        if (all.Random.Next(2) == 0)
        {
            View = Cluster!.Seen(Id);
        }

        if (all.Now - _askedAt < Times.AskAsMember)
        {
            return;
        }

        _askedAt = all.Now;
        var reachable = View!.Replicas.Where(r => r.Reachable).Select(r => r.Id.ClusterAddress).ToHashSet();
        foreach (var seed in all.Seeds.Where(s => s != address))
        {
            if (reachable.Contains(seed))
            {
                _rivalry = _rivalry.Clear(seed);
            }
            else
            {
                Ask(seed);
            }
        }
    }

    private void Ask(HostPort other)
    {
        var (ask, from) = (AskReplica.Of(View, other), Id);
        all.Send(other, to => to.OnAsk(from, ask));
    }
}

/// <summary>One cluster: its members, oldest first, and dead ones not removed yet.</summary>
internal sealed class SimulatedCluster(IEnumerable<ReplicaId> ghosts)
{
    public List<ReplicaId> Members { get; } = [];

    public List<ReplicaId> Ghosts { get; } = [.. ghosts];

    public ClusterView Seen(ReplicaId self) => new(
        self,
        Members.Select(id => Of(id, reachable: true)).Concat(Ghosts.Where(g => Members.All(m => m.Address != g.Address)).Select(id => Of(id, reachable: false))),
        Members[0]);

    private static Replica Of(ReplicaId id, bool reachable) => new(id, null, false, ReplicaStatus.Up, reachable, id.Address);
}
