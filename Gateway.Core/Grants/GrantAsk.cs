using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>What a replica asks of a granter.</summary>
/// <param name="Replica">Who asks.</param>
/// <param name="Ticket">The asker's number for this wish: what bears another is of an earlier one.</param>
/// <param name="Timeout">How long its trial can take: its pool's request timeout.</param>
/// <param name="Holding">It has the grant already, from a granter that was before this one.</param>
public sealed record GrantAsk(ReplicaId Replica, long Ticket, TimeSpan Timeout, bool Holding = false);
