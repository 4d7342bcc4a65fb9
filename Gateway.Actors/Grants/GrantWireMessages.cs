using Gateway.Actors.Cluster;
using Gateway.Core.Addressing;
using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Actors.Grants;

/// <summary>A message between the grants actors of two replicas, or of this one to itself.</summary>
public interface IGrantMessage : IReplicaMessage
{
    FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<IGrantMessage>(sender, this);
}

/// <summary>
/// To the granter: this replica wants to try the endpoint, or already holds the grant. See <see cref="GrantAsk"/>.
/// </summary>
public sealed record AskGrant(EndpointId Endpoint, long Ticket, TimeSpan Timeout, bool Holding) : IGrantMessage;

/// <summary>From the granter: the request is queued.</summary>
public sealed record GrantQueued(EndpointId Endpoint, long Ticket) : IGrantMessage;

/// <summary>From the granter: the trial may be sent.</summary>
public sealed record GrantGiven(EndpointId Endpoint, long Ticket) : IGrantMessage;

/// <summary>To the granter: the trial was sent.</summary>
public sealed record GrantUsed(EndpointId Endpoint, long Ticket) : IGrantMessage;

/// <summary>To the granter: the grant, or the request for it, is over.</summary>
public sealed record GrantEnded(EndpointId Endpoint, long Ticket, GrantEnd How) : IGrantMessage;

/// <summary>To all: a trial of the endpoint succeeded here.</summary>
public sealed record EndpointProven(EndpointId Endpoint) : IGrantMessage;
