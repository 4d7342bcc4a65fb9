using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>Who has the one grant of an endpoint.</summary>
/// <param name="Timeout">How long its trial can take.</param>
/// <param name="Used">Whether it has sent the trial.</param>
/// <param name="EndsAt">When the grant expires, if its holder says nothing.</param>
public sealed record GrantHolder(ReplicaId Replica, long Ticket, TimeSpan Timeout, bool Used, TimeSpan EndsAt)
{
    public bool Is(ReplicaId replica, long ticket) => Replica == replica && Ticket == ticket;
}
