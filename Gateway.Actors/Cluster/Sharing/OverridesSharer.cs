using System.Collections.Immutable;
using Akka.Actor;
using Akka.DistributedData;
using Gateway.Actors.Overrides;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Cluster.Sharing;

/// <summary>
/// Shares what operators have said with the other replicas, for one life of this one in the cluster: gives what the replica holds to the
/// cluster, and what the cluster holds to the replica. So a cluster that is made anew by replicas that remember is none the poorer.
/// </summary>
internal sealed class OverridesSharer : UntypedActor
{
    public const string Name = "overrides";

    /// <summary>How long a majority may take; what has come late or to fewer spreads by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Task<IActorRef> _found;
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private IActorRef _overrides = ActorRefs.Nobody;
    private OverrideMap _given = OverrideMap.Empty;
    private ImmutableHashSet<string> _unread = [.. OverridesData.Keys.Select(k => k.Id)];

    /// <param name="overrides">The <see cref="OverridesActor"/> of the other system, as soon as there is one.</param>
    public OverridesSharer(Task<IActorRef> overrides) => _found = overrides;

    protected override void PreStart() => _found.PipeTo(Self, success: overrides => new Begin(overrides));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin(var overrides):
                _overrides = overrides;
                _overrides.Tell(new ShareOverrides(Self));
                var self = Self;
                Akka.Cluster.Cluster.Get(Context.System).RegisterOnMemberUp(() => self.Tell(Read.Instance));
                foreach (var key in OverridesData.Keys)
                {
                    _replicator.Tell(Dsl.Subscribe(key, Self));
                }

                break;
            case OverridesChanged(var map):
                Give(map);
                break;
            case Changed changed:
                _overrides.Tell(new MergeOverrides(((OverridesData)changed.Data).Map));
                break;
            case Read:
                foreach (var key in OverridesData.Keys)
                {
                    _replicator.Tell(Dsl.Get(key, new ReadMajority(Patience)));
                }

                break;
            case GetSuccess success:
                _overrides.Tell(new MergeOverrides(((OverridesData)success.Data).Map));
                Done(success.Key);
                break;
            case IGetResponse response:
                Done(response.Key); // Nobody has said anything, or a majority cannot be reached: what there is will come by gossip.
                break;
            case IUpdateResponse:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Tells the cluster what it may not have.</summary>
    private void Give(OverrideMap map)
    {
        foreach (var part in map.All.Where(word => _given[word.Key] != word.Value).Select(word => OverridesData.KeyOf(word.Key)).Distinct())
        {
            var words = new OverridesData(map.Where(endpoint => OverridesData.KeyOf(endpoint) == part));
            _replicator.Tell(Dsl.Update(part, OverridesData.Empty, new WriteMajority(Patience), data => data.Merge(words)));
        }

        _given = map;
    }

    private void Done(IKey key)
    {
        _unread = _unread.Remove(key.Id);
        if (_unread.IsEmpty)
        {
            _overrides.Tell(new OverridesRead());
        }
    }

    private sealed record Begin(IActorRef Overrides);

    private sealed class Read
    {
        public static readonly Read Instance = new();
    }
}
