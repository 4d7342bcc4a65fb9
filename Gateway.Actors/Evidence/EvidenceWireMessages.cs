using Gateway.Actors.Cluster;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Evidence;

/// <summary>A message between the evidence actors of two replicas.</summary>
public interface IEvidenceMessage : IReplicaMessage
{
    FromReplica IReplicaMessage.ReceivedFrom(ReplicaId sender) => new FromReplica<IEvidenceMessage>(sender, this);
}

/// <summary>Event: a section of the sender's stream.</summary>
public sealed record EvidenceSent(Edges Edges) : IEvidenceMessage;

/// <summary>Event: the sender is alive, and this is its last sequence number.</summary>
public sealed record EvidenceBeat(long Last) : IEvidenceMessage;

/// <summary>Command: send all evidence, as <see cref="EvidenceSnapshot"/>s.</summary>
public sealed record SendEvidence : IEvidenceMessage;

/// <summary>Event: a part of all the sender's evidence.</summary>
public sealed record EvidenceSnapshot(SnapshotChunk Chunk) : IEvidenceMessage;
