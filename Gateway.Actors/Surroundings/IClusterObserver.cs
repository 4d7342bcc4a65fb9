namespace Gateway.Actors.Surroundings;

/// <summary>Counts cluster events for the process's metrics. Called by actors, so it must neither block nor throw.</summary>
public interface IClusterObserver
{
    /// <summary>Called when a message was sent to a number of replicas.</summary>
    void Sent(string kind, int replicas);

    void Received(string kind);

    /// <summary>Called when a message to or from another replica was dropped.</summary>
    void Dropped(string kind);

    /// <summary>Called when this replica's incarnation in the cluster has ended, and another begins.</summary>
    void Rejoining(RejoinReason reason);
}

/// <summary>Why a replica recreates its cluster system.</summary>
public enum RejoinReason
{
    /// <summary>The split brain resolver downed its side.</summary>
    Downed,

    /// <summary>Another replica refuses it as removed.</summary>
    Refused,

    /// <summary>Its cluster was the smaller of two.</summary>
    Yielded,

    /// <summary>Its system ended unexpectedly or could not be started.</summary>
    Failed,
}
