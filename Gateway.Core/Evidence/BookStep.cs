using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>The result of an event on the evidence book.</summary>
/// <param name="Touched">Endpoints whose evidence may have changed.</param>
/// <param name="Ask">Replicas to ask for a snapshot.</param>
public sealed record BookStep(EvidenceBook Book, ImmutableHashSet<EndpointId> Touched, ImmutableArray<ReplicaId> Ask);
