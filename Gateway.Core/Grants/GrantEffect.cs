using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>An action that a granter's decision asks of its actor.</summary>
public abstract record GrantEffect
{
    private GrantEffect()
    {
    }

    /// <summary>Grant a trial to the replica. Counted.</summary>
    public sealed record Give(ReplicaId To, long Ticket) : GrantEffect;

    /// <summary>Tell the replica that it is queued.</summary>
    public sealed record Queue(ReplicaId To, long Ticket) : GrantEffect;

    /// <summary>Log and count a grant that expired without a message of its holder.</summary>
    public sealed record Expired(ReplicaId Holder) : GrantEffect;
}

/// <summary>An effect for one endpoint.</summary>
public readonly record struct EndpointGrantEffect(EndpointId Endpoint, GrantEffect Effect);
