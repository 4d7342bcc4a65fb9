using Gateway.Actors.Cluster;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Evidence;

/// <summary>Event: a stretch of the sender's stream.</summary>
public sealed record EvidenceSent(Edges Edges) : IWireMessage;

/// <summary>Event: the sender lives, and this is the last sequence that it has given.</summary>
public sealed record EvidenceBeat(long Last) : IWireMessage;

/// <summary>Command: send me all that you have to say, as <see cref="EvidenceSnapshot"/>s.</summary>
public sealed record SendEvidence : IWireMessage;

/// <summary>Event: a part of all that the sender has to say.</summary>
public sealed record EvidenceSnapshot(SnapshotChunk Chunk) : IWireMessage;
