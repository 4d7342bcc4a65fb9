using Gateway.Actors.Cluster.Options;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>Combines Akka's members with the names they have sent into views.</summary>
internal sealed class Roster(ClusterOptions options)
{
    private readonly Dictionary<ReplicaId, string> _names = [];
    private MembersSeen? _members;

    /// <summary>Whether this replica is in a cluster.</summary>
    public bool IsMember => _members is not null;

    /// <summary>Applies Akka's members.</summary>
    /// <returns>Whether this replica is in a cluster now.</returns>
    public bool Follow(MembersSeen seen)
    {
        if (!seen.Members.Any(r => r.Id == seen.Life && r.Status != ReplicaStatus.Down))
        {
            return false;
        }

        _members = seen;
        foreach (var gone in _names.Keys.Except(seen.Members.Select(r => r.Id)).ToList())
        {
            _names.Remove(gone);
        }

        return true;
    }

    /// <summary>Records a replica's name if it is a member.</summary>
    /// <returns>Whether the name is new.</returns>
    public bool Learn(ReplicaId id, string name)
    {
        if (_members is null || !_members.Members.Any(r => r.Id == id) || _names.GetValueOrDefault(id) == name)
        {
            return false;
        }

        _names[id] = name;
        return true;
    }

    /// <summary>Returns the members whose name is still unknown.</summary>
    public IEnumerable<ReplicaId> Nameless() => (_members?.Members ?? [])
        .Where(r => r.Reachable && r.Id != _members!.Life && !_names.ContainsKey(r.Id))
        .Select(r => r.Id);

    /// <summary>Clears the roster: this replica is in no cluster any more.</summary>
    public void Clear()
    {
        _members = null;
        _names.Clear();
    }

    public ClusterView Compose() => _members is null
        ? ClusterView.Alone(options.Alone)
        : new(_members.Life, _members.Members.Select(Named), _members.Oldest, _members.Leader);

    private Replica Named(Replica replica) => replica.Id == _members!.Life
        ? replica with { Name = options.GatewayId }
        : _names.TryGetValue(replica.Id, out var name) ? replica with { Name = name } : replica;
}
