using Gateway.Core.Addressing;

namespace Gateway.Actors.Cluster;

public sealed partial class ClusterActor
{
    /// <summary>Carries out an operator's command if possible now.</summary>
    private ClusterAnswer Execute(IClusterCommand command) => command switch
    {
        _ when _node is null || _ending => new ClusterAnswer.Refused("this replica is not in a cluster now"),
        JoinCluster when _roster.IsMember => new ClusterAnswer.Refused("this replica is already in a cluster"),
        JoinCluster(var text) => HostPort.TryParseReachable(text, out var address)
            ? Join(address)
            : new ClusterAnswer.Refused($"'{text}' is not a cluster address; allowed: host:port"),
        DownReplica(var address) when address == _node!.Id.Address => new ClusterAnswer.Refused("this is the address of this replica; use: cluster leave"),
        DownReplica(var address) when View.Replicas.All(r => r.Id.Address != address) =>
            new ClusterAnswer.Refused($"unknown replica {address}; replicas: {string.Join(", ", View.Replicas.Select(r => r.Id.Address))}"),
        DownReplica(var address) => Down([address]),
        DownUnreachable => Down([.. View.Replicas.Where(r => !r.Reachable).Select(r => r.Id.Address)]),
        _ => throw new InvalidOperationException($"unexpected command: {command}"),
    };

    private ClusterAnswer.Begun Join(HostPort address)
    {
        _node!.Join(address);
        return new([address.ToString()]);
    }

    private ClusterAnswer.Begun Down(IReadOnlyList<string> members)
    {
        foreach (var member in members)
        {
            if (HostPort.TryParseReachable(member, out var address))
            {
                _node!.Down(address);
            }
        }

        return new(members);
    }
}
