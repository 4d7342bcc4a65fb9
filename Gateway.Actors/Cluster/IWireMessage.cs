namespace Gateway.Actors.Cluster;

/// <summary>
/// A message between replicas. Only types with this marker cross nodes; each has a codec in the wire serializer, with a
/// manifest that never changes its meaning. It is an <see cref="IReplicaMessage"/>, an <see cref="ILinkMessage"/>, or data that Akka's replicator exchanges.
/// </summary>
public interface IWireMessage;
