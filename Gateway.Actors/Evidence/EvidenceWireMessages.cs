using Gateway.Actors.Cluster;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Evidence;

/// <summary>Event: a section of the sender's stream.</summary>
public sealed record EvidenceSent(Edges Edges) : IWireMessage;

/// <summary>Event: the sender is alive, and this is its last sequence number.</summary>
public sealed record EvidenceBeat(long Last) : IWireMessage;

/// <summary>Command: send all evidence, as <see cref="EvidenceSnapshot"/>s.</summary>
public sealed record SendEvidence : IWireMessage;

/// <summary>Event: a part of all the sender's evidence.</summary>
public sealed record EvidenceSnapshot(SnapshotChunk Chunk) : IWireMessage;
