using Gateway.Actors.Cluster.Options;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>The members as Akka has them and the names that they have told, put together to views.</summary>
internal sealed class Roster(ClusterOptions options)
{
    private readonly Dictionary<ReplicaId, string> _names = [];
    private MembersSeen? _members;

    /// <summary>Whether this replica is in a cluster.</summary>
    public bool IsMember => _members is not null;

    /// <summary>Takes over what Akka says.</summary>
    /// <returns>Whether this replica is in a cluster by it.</returns>
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

    /// <summary>A replica has said what it is called. Kept if it is a member.</summary>
    /// <returns>Whether that is new.</returns>
    public bool Learn(ReplicaId id, string name)
    {
        if (_members is null || !_members.Members.Any(r => r.Id == id) || _names.GetValueOrDefault(id) == name)
        {
            return false;
        }

        _names[id] = name;
        return true;
    }

    /// <summary>Members whose name is to be asked for.</summary>
    public IEnumerable<ReplicaId> Nameless() => (_members?.Members ?? [])
        .Where(r => r.Reachable && r.Id != _members!.Life && !_names.ContainsKey(r.Id))
        .Select(r => r.Id);

    /// <summary>This replica is in no cluster any more.</summary>
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
