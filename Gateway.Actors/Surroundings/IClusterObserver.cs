namespace Gateway.Actors.Surroundings;

/// <summary>Who counts what happens to the cluster: the process's metrics. Called by actors, so it must neither block nor throw.</summary>
public interface IClusterObserver
{
    /// <summary>A message was handed to the network for so many replicas.</summary>
    void Sent(string kind, int replicas);

    void Received(string kind);

    /// <summary>A message to or from another replica came to nothing.</summary>
    void Dropped(string kind);

    /// <summary>This replica's life in the cluster has ended, and another begins.</summary>
    void Rejoining(RejoinReason reason);
}

/// <summary>Why a replica makes its cluster system anew.</summary>
public enum RejoinReason
{
    /// <summary>The split brain resolver gave its side up.</summary>
    Downed,

    /// <summary>Another replica refuses it, having removed it.</summary>
    Refused,

    /// <summary>Its cluster was the smaller of two.</summary>
    Yielded,

    /// <summary>Its system ended by itself or could not be started.</summary>
    Failed,
}
