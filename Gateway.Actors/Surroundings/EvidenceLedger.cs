using Akka.Actor;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// The state of the evidence actor, kept outside it to survive a crash. Only the actor writes; any thread may read <see cref="Book"/> and
/// <see cref="Own"/>.
/// </summary>
public sealed class EvidenceLedger
{
    private EvidenceBook? _book;
    private OwnStream _own = OwnStream.Empty;
    private long _asked;

    /// <summary>The other replicas' evidence; null until the actor has started.</summary>
    public EvidenceBook? Book
    {
        get => Volatile.Read(ref _book);
        internal set => Volatile.Write(ref _book, value);
    }

    /// <summary>The number of snapshot requests to new replicas, or after a gap in a stream.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>This replica's evidence for the others.</summary>
    public OwnStream Own
    {
        get => Volatile.Read(ref _own);
        internal set => Volatile.Write(ref _own, value);
    }

    /// <summary>This replica's endpoints: the actor to notify of evidence, and the evidence last sent to it.</summary>
    internal Dictionary<EndpointId, (IActorRef Actor, EndpointEvidence Told)> Endpoints { get; } = [];

    /// <summary>The part of this process's pauses already applied to the book.</summary>
    internal TimeSpan Paused { get; set; }

    internal void CountAsked() => Interlocked.Increment(ref _asked);
}
