namespace Gateway.Core.Membership;

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
