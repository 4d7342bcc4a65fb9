using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>The holder of an endpoint's single grant.</summary>
/// <param name="Timeout">The longest duration of its trial.</param>
/// <param name="Used">Whether it has sent the trial.</param>
/// <param name="EndsAt">When the grant expires without a message of its holder.</param>
public sealed record GrantHolder(ReplicaId Replica, long Ticket, TimeSpan Timeout, bool Used, TimeSpan EndsAt)
{
    public bool Is(ReplicaId replica, long ticket) => Replica == replica && Ticket == ticket;
}
