using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>A replica's request for a grant.</summary>
/// <param name="Replica">The requester.</param>
/// <param name="Ticket">
/// The requester's number for this request; messages with another number belong to an earlier one.
/// </param>
/// <param name="Timeout">The longest duration of its trial: its pool's request timeout.</param>
/// <param name="Holding">Whether it already holds a grant from a previous granter.</param>
public sealed record GrantAsk(ReplicaId Replica, long Ticket, TimeSpan Timeout, bool Holding = false);
