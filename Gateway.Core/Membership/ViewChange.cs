namespace Gateway.Core.Membership;

/// <summary>The kinds of changes to a replica.</summary>
public enum ViewChangeKind
{
    /// <summary>It takes part from now on.</summary>
    Joined,

    /// <summary>It became unreachable.</summary>
    Unreachable,

    /// <summary>It became reachable again.</summary>
    Reachable,

    /// <summary>It no longer takes part.</summary>
    Left,
}

/// <summary>A difference between two views that is logged.</summary>
public sealed record ViewChange(Replica Replica, ViewChangeKind What)
{
    /// <summary>Returns the changes to the other replicas; those that left first, then by id.</summary>
    public static IEnumerable<ViewChange> Between(ClusterView from, ClusterView to)
    {
        foreach (var replica in from.Replicas)
        {
            if (IsMember(replica) && replica.Id != from.Self.Id && !(to.Find(replica.Id) is { } still && IsMember(still)))
            {
                yield return new(replica, ViewChangeKind.Left);
            }
        }

        foreach (var replica in to.Replicas)
        {
            if (replica.Id == to.Self.Id || !IsMember(replica))
            {
                continue;
            }

            if (from.Find(replica.Id) is not { } before || !IsMember(before))
            {
                yield return new(replica, ViewChangeKind.Joined);
            }
            else if (before.Reachable != replica.Reachable)
            {
                yield return new(replica, replica.Reachable ? ViewChangeKind.Reachable : ViewChangeKind.Unreachable);
            }
        }
    }

    private static bool IsMember(Replica replica) => replica.Status is ReplicaStatus.Up or ReplicaStatus.WeaklyUp;
}
