using System.Collections.Immutable;
using Akka.Actor;
using Akka.DistributedData;
using Gateway.Actors.Overrides;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Sharing;

/// <summary>
/// Shares operators' changes with the other replicas, for one incarnation of this one in the cluster: copies the replica's changes to the
/// cluster, and the cluster's to the replica. So a cluster recreated by replicas that remember loses none.
/// </summary>
internal sealed class OverridesSharer : UntypedActor, IWithTimers
{
    public const string Name = "overrides";

    /// <summary>The time limit for the other replicas; gossip makes up for late or missing replies.</summary>
    private static readonly TimeSpan ReplicatorTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Changes within this time after the last write are batched.</summary>
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(100);

    private readonly IActorRef _overrides;
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private OverrideMap _held = OverrideMap.Empty;
    private OverrideMap _given = OverrideMap.Empty;
    private ImmutableHashSet<string> _unread = [.. OverridesData.Keys.Select(k => k.Id)];

    /// <param name="overrides">The <see cref="OverridesActor"/> of the other system.</param>
    public OverridesSharer(IActorRef overrides) => _overrides = overrides;

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Read,
        WindowOver,
    }

    protected override void PreStart()
    {
        _overrides.Tell(new ShareOverrides(Self));
        var self = Self;
        Akka.Cluster.Cluster.Get(Context.System).RegisterOnMemberUp(() => self.Tell(Tick.Read));
        foreach (var key in OverridesData.Keys)
        {
            _replicator.Tell(Dsl.Subscribe(key, Self));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OverridesChanged(var map):
                _held = map;
                GiveSoon();
                break;
            case Tick.WindowOver:
                GiveSoon();
                break;
            case Changed changed:
                Take(changed.Key, (OverridesData)changed.Data);
                break;
            case Tick.Read:
                foreach (var key in OverridesData.Keys.Where(key => _unread.Contains(key.Id)))
                {
                    _replicator.Tell(Dsl.Get(key, new ReadMajority(ReplicatorTimeout)));
                }

                break;
            case GetSuccess success:
                Take(success.Key, (OverridesData)success.Data);
                Done(success.Key);
                break;
            case NotFound nothing:
                Done(nothing.Key); // There are no changes yet.
                break;
            case IGetResponse:
                Timers.StartSingleTimer(Tick.Read, Tick.Read, ReplicatorTimeout); // A majority did not answer: retry until it does.
                break;
            case IUpdateResponse:
                break; // Replicas not reached get it by gossip.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(IKey key, OverridesData data) => _overrides.Tell(new MergeOverrides(OverridesKey.NumberOf(key), data.Part));

    private void GiveSoon()
    {
        if (!Timers.IsTimerActive(Tick.WindowOver) && Give())
        {
            Timers.StartSingleTimer(Tick.WindowOver, Tick.WindowOver, Coalescing);
        }
    }

    /// <summary>Writes changes that the cluster may not have.</summary>
    /// <returns>Whether there was anything to write.</returns>
    private bool Give()
    {
        var changed = Enumerable.Range(0, OverrideMap.PartCount).Where(part => !ReferenceEquals(_held.Parts[part], _given.Parts[part])).ToList();
        foreach (var part in changed)
        {
            var data = new OverridesData(_held.Parts[part]);
            _replicator.Tell(Dsl.Update(OverridesData.Keys[part], OverridesData.Empty, new WriteAll(ReplicatorTimeout), known => known.Merge(data)));
        }

        _given = _held;
        return changed.Count > 0;
    }

    private void Done(IKey key)
    {
        _unread = _unread.Remove(key.Id);
        if (_unread.IsEmpty)
        {
            _overrides.Tell(new OverridesRead());
        }
    }
}
