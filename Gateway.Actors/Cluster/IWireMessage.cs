namespace Gateway.Actors.Cluster;

/// <summary>
/// A message between replicas. Only types with this marker cross nodes; each has a codec in the wire serializer, with a
/// manifest that never changes its meaning.
/// </summary>
public interface IWireMessage;
