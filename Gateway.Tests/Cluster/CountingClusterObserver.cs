using System.Collections.Concurrent;
using Gateway.Actors.Surroundings;

namespace Gateway.Tests.Cluster;

/// <summary>Records the counts.</summary>
internal sealed class CountingClusterObserver : IClusterObserver
{
    public ConcurrentQueue<(string What, string Kind, int Count)> Messages { get; } = new();

    public ConcurrentQueue<RejoinReason> Rejoined { get; } = new();

    public void Sent(string kind, int replicas) => Messages.Enqueue(("sent", kind, replicas));

    public void Received(string kind) => Messages.Enqueue(("received", kind, 1));

    public void Dropped(string kind) => Messages.Enqueue(("dropped", kind, 1));

    public void Rejoining(RejoinReason reason) => Rejoined.Enqueue(reason);
}
