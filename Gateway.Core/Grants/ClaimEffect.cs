using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>An action that a claim asks of its actor.</summary>
public abstract record ClaimEffect
{
    private ClaimEffect()
    {
    }

    /// <summary>Ask the granter for a grant.</summary>
    public sealed record Ask(ReplicaId Granter, long Ticket, TimeSpan Timeout, bool Holding) : ClaimEffect;

    /// <summary>Tell the granter that a trial was sent.</summary>
    public sealed record Used(ReplicaId Granter, long Ticket) : ClaimEffect;

    /// <summary>Tell the granter that the grant is over.</summary>
    public sealed record End(ReplicaId Granter, long Ticket, GrantEnd How) : ClaimEffect;

    /// <summary>Admit one trial.</summary>
    public sealed record Permit : ClaimEffect;

    /// <summary>Admit trials by the breaker's own settings.</summary>
    /// <param name="Unanswered">The granter that did not answer, to log and count; null if no other gateway is reachable.</param>
    public sealed record PermitOwn(ReplicaId? Unanswered) : ClaimEffect;
}
