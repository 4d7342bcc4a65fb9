using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>What an event makes of the book.</summary>
/// <param name="Touched">Endpoints that may be judged otherwise now.</param>
/// <param name="Ask">Who is to be asked for a snapshot.</param>
public sealed record BookStep(EvidenceBook Book, ImmutableHashSet<EndpointId> Touched, ImmutableArray<ReplicaId> Ask);
