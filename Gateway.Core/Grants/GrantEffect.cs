using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>What a granter's decision asks its actor to do.</summary>
public abstract record GrantEffect
{
    private GrantEffect()
    {
    }

    /// <summary>Tell it that it may send the trial. Counted.</summary>
    public sealed record Give(ReplicaId To, long Ticket) : GrantEffect;

    /// <summary>Tell it that it waits.</summary>
    public sealed record Queue(ReplicaId To, long Ticket) : GrantEffect;

    /// <summary>A grant came to its end without a word of its holder. Logged and counted.</summary>
    public sealed record Expired(ReplicaId Holder) : GrantEffect;
}

/// <summary>What is decided about one endpoint's grant.</summary>
public readonly record struct EndpointGrantEffect(EndpointId Endpoint, GrantEffect Effect);
