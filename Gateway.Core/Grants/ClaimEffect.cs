using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>What a claim asks its actor to do.</summary>
public abstract record ClaimEffect
{
    private ClaimEffect()
    {
    }

    /// <summary>Ask the granter.</summary>
    public sealed record Ask(ReplicaId Granter, long Ticket, TimeSpan Timeout, bool Holding) : ClaimEffect;

    /// <summary>Tell the granter that a trial is out.</summary>
    public sealed record Used(ReplicaId Granter, long Ticket) : ClaimEffect;

    /// <summary>Tell the granter that it is over.</summary>
    public sealed record End(ReplicaId Granter, long Ticket, GrantEnd How) : ClaimEffect;

    /// <summary>Let one trial through.</summary>
    public sealed record Permit : ClaimEffect;

    /// <summary>Let trials through as the breaker's own settings say.</summary>
    /// <param name="Unanswered">The granter that did not answer, which is logged and counted; null: there is nobody to ask.</param>
    public sealed record PermitOwn(ReplicaId? Unanswered) : ClaimEffect;
}
