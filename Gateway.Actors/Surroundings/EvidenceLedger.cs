using Akka.Actor;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// What the evidence actor knows, kept by whoever makes it, beyond a crash of it. The actor alone writes; <see cref="Book"/> and <see cref="Own"/> can
/// be read by anyone.
/// </summary>
public sealed class EvidenceLedger
{
    private EvidenceBook? _book;
    private OwnStream _own = OwnStream.Empty;
    private long _asked;

    /// <summary>What the others have told; null until the actor has begun.</summary>
    public EvidenceBook? Book
    {
        get => Volatile.Read(ref _book);
        internal set => Volatile.Write(ref _book, value);
    }

    /// <summary>How often all evidence of a replica was asked for: it was new, or something that it said did not come.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>What this replica tells the others.</summary>
    public OwnStream Own
    {
        get => Volatile.Read(ref _own);
        internal set => Volatile.Write(ref _own, value);
    }

    /// <summary>The endpoints of this replica: who has to hear of what others say of them, and what it was told last.</summary>
    internal Dictionary<EndpointId, (IActorRef Actor, EndpointEvidence Told)> Endpoints { get; } = [];

    /// <summary>How much of the time in which this process did not run the book has taken in.</summary>
    internal TimeSpan Paused { get; set; }

    internal void CountAsked() => Interlocked.Increment(ref _asked);
}
