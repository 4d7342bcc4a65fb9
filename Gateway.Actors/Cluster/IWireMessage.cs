namespace Gateway.Actors.Cluster;

/// <summary>
/// What one replica says to another. Only types that bear this marker cross nodes; each has its place in the wire serializer, with a
/// manifest that never changes its meaning.
/// </summary>
public interface IWireMessage;
