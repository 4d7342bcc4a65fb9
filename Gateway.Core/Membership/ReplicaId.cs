namespace Gateway.Core.Membership;

/// <summary>
/// One life of a replica in the cluster. A replica that leaves and joins again, even without a restart of its process, comes back with
/// another <see cref="Uid"/>: what was said by the earlier life is not said by the later one.
/// </summary>
/// <param name="Address">By what the others reach it: <c>host:port</c>. Its gateway id while it is in no cluster.</param>
/// <param name="Uid">Chosen at random for each life. 0 while it is in no cluster.</param>
public readonly record struct ReplicaId(string Address, long Uid) : IComparable<ReplicaId>
{
    /// <summary>The same order on all replicas: by address as bytes, then by uid.</summary>
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
