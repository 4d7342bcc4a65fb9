using Gateway.Core.Addressing;

namespace Gateway.Core.Membership;

/// <summary>
/// Identifies one incarnation of a replica in the cluster. A replica that leaves and rejoins, even without a restart of its process,
/// gets another <see cref="Uid"/>, so messages of the earlier incarnation are not attributed to the later one.
/// </summary>
/// <param name="Address">
/// Its cluster address <c>host:port</c>, or its gateway id while it is in no cluster. A text because the order of replicas, on which all of them agree, is that of
/// the text.
/// </param>
/// <param name="Uid">Random for each incarnation. 0 while it is in no cluster.</param>
public readonly record struct ReplicaId(string Address, long Uid) : IComparable<ReplicaId>
{
    /// <summary>
    /// The cluster address. Throws if there is none. Input from people and the network is validated on entry, so the id of a member always has one.
    /// </summary>
    public HostPort ClusterAddress => HostPort.TryParseReachable(Address, out var address)
        ? address
        : throw new InvalidOperationException($"'{Address}' is not a cluster address (host:port)");

    /// <summary>Compares by address as bytes, then by uid: the same order on all replicas.</summary>
    public int CompareTo(ReplicaId other)
    {
        var byAddress = string.CompareOrdinal(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    public static bool operator <(ReplicaId left, ReplicaId right) => left.CompareTo(right) < 0;

    public static bool operator <=(ReplicaId left, ReplicaId right) => left.CompareTo(right) <= 0;

    public static bool operator >(ReplicaId left, ReplicaId right) => left.CompareTo(right) > 0;

    public static bool operator >=(ReplicaId left, ReplicaId right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Address}#{Uid}";
}
