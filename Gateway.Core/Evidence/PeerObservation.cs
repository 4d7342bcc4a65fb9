using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>Another replica's evidence on one endpoint, as input of the decision. Always fresh: stale evidence is left out.</summary>
/// <param name="Name">The observer's name, for display.</param>
/// <param name="InMyZone">Whether the observer is in this replica's zone; no zone counts as a zone.</param>
/// <param name="Owner">Whether the observer is one of the endpoint's probe owners in that zone.</param>
/// <param name="Report">See <see cref="EvidenceEntry.Report"/>.</param>
/// <param name="Verified">See <see cref="EvidenceEntry.Verified"/>.</param>
/// <param name="Since">When the observer's view began, by this replica's clock.</param>
/// <param name="Why">The reason, for display.</param>
public sealed record PeerObservation(
    ReplicaId Observer, string Name, bool InMyZone, bool Owner, Observation Observation, long Report, long Verified, TimeSpan Since, string Why)
{
    public Opinion Opinion => Observation.Opinion;
}
