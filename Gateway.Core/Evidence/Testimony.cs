using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>What another replica says of one endpoint, for the one who decides on it. Fresh: what is stale is not passed on.</summary>
/// <param name="Name">The observer's name, for people.</param>
/// <param name="InMyZone">Whether the observer is in the zone of the replica that decides; having no zone is a zone.</param>
/// <param name="Owner">Whether the observer is one of the endpoint's probe owners of that zone.</param>
/// <param name="Report">See <see cref="Observation.Report"/>.</param>
/// <param name="Verified">See <see cref="Observation.Verified"/>.</param>
/// <param name="Since">Since when the observer sees it so, by this replica's clock.</param>
/// <param name="Why">For people.</param>
public sealed record Testimony(
    ReplicaId Observer, string Name, bool InMyZone, bool Owner, Sight Sight, long Report, long Verified, TimeSpan Since, string Why)
{
    public Opinion Opinion => Sight.Opinion;
}
