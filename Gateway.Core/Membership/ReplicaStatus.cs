namespace Gateway.Core.Membership;

/// <summary>The membership status of a replica.</summary>
public enum ReplicaStatus
{
    /// <summary>Not yet seen by all members.</summary>
    Joining,

    /// <summary>Admitted while part of the cluster is unreachable; counts as a member.</summary>
    WeaklyUp,

    Up,

    /// <summary>Has announced that it leaves.</summary>
    Leaving,

    /// <summary>All members know that it leaves.</summary>
    Exiting,

    /// <summary>Downed by the split brain resolver.</summary>
    Down,
}

/// <summary>The names of the statuses in commands and the admin API.</summary>
public static class ReplicaStatusNames
{
    public static string Name(this ReplicaStatus status) => status switch
    {
        ReplicaStatus.Joining => "joining",
        ReplicaStatus.WeaklyUp => "weakly-up",
        ReplicaStatus.Up => "up",
        ReplicaStatus.Leaving => "leaving",
        ReplicaStatus.Exiting => "exiting",
        ReplicaStatus.Down => "down",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
