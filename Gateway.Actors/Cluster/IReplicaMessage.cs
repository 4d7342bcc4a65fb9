using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>
/// A message to the gateway's actors of another replica. Each family has an interface of its own, and an event of its own, to which the actor that handles the
/// family subscribes.
/// </summary>
public interface IReplicaMessage : IWireMessage
{
    /// <summary>Returns the event of the message's family.</summary>
    FromReplica ReceivedFrom(ReplicaId sender);
}
