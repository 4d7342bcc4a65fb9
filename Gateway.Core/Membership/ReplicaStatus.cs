namespace Gateway.Core.Membership;

/// <summary>How far a replica is in joining or leaving.</summary>
public enum ReplicaStatus
{
    /// <summary>Not yet agreed on by all.</summary>
    Joining,

    /// <summary>Taken in while a part of the cluster cannot be reached; counts as a member.</summary>
    WeaklyUp,

    Up,

    /// <summary>Has said that it leaves.</summary>
    Leaving,

    /// <summary>All know that it leaves.</summary>
    Exiting,

    /// <summary>Given up by the split brain resolver.</summary>
    Down,
}
