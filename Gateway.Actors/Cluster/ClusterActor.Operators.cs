namespace Gateway.Actors.Cluster;

public sealed partial class ClusterActor
{
    /// <summary>Does what an operator says, where that can be done now.</summary>
    private ClusterAnswer Obey(IClusterCommand command) => command switch
    {
        _ when _node is null || _ending => new ClusterAnswer.Refused("this replica takes part in no cluster now"),
        JoinCluster when _roster.IsMember => new ClusterAnswer.Refused("this replica is in a cluster already"),
        JoinCluster(var address) => Join(address),
        DownReplica(var address) when address == _node!.Id.Address => new ClusterAnswer.Refused("that is this replica itself; it can leave"),
        DownReplica(var address) when View.Replicas.All(r => r.Id.Address != address) =>
            new ClusterAnswer.Refused($"there is no replica {address}; there are: {string.Join(", ", View.Replicas.Select(r => r.Id.Address))}"),
        DownReplica(var address) => Down([address]),
        DownUnreachable => Down([.. View.Replicas.Where(r => !r.Reachable).Select(r => r.Id.Address)]),
        _ => throw new InvalidOperationException($"no such command: {command}"),
    };

    private ClusterAnswer.Begun Join(string address)
    {
        _node!.Join(address);
        return new([address]);
    }

    private ClusterAnswer.Begun Down(IReadOnlyList<string> addresses)
    {
        foreach (var address in addresses)
        {
            _node!.Down(address);
        }

        return new(addresses);
    }
}
