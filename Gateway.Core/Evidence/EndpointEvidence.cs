using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>The cluster evidence on one endpoint, for its actor.</summary>
/// <param name="Owner">Whether this replica is one of the endpoint's probe owners in its zone.</param>
/// <param name="PeerObservations">The fresh observations of other replicas, in the order of their ids.</param>
public sealed record EndpointEvidence(bool Owner, ImmutableArray<PeerObservation> PeerObservations)
{
    /// <summary>The evidence of a replica that knows no other, or has no evidence from it yet: it probes by itself.</summary>
    public static EndpointEvidence Alone { get; } = new(true, []);

    /// <summary>Whether all probe owners of the zone have an opinion from their probes, so that no other is needed.</summary>
    public bool OwnersSpeak => PeerObservations.Count(t => t.Owner && t.Observation.ProbeOpinion != Opinion.None) >= ProbeOwners.PerZone;

    /// <summary>Returns the number of other replicas in the zone with this opinion.</summary>
    public int CountInMyZone(Opinion opinion) => PeerObservations.Count(t => t.InMyZone && t.Opinion == opinion);

    /// <summary>
    /// The zone's probe opinion, breakers left out: Bad if more probes fail than pass, Good if any pass otherwise.
    /// It stands in for the verdict of a replica that does not probe.
    /// </summary>
    public Opinion ZoneVerdict
    {
        get
        {
            var bad = PeerObservations.Count(t => t.InMyZone && t.Observation.ProbeOpinion == Opinion.Bad);
            var good = PeerObservations.Count(t => t.InMyZone && t.Observation.ProbeOpinion == Opinion.Good);
            return bad > good ? Opinion.Bad : good > 0 ? Opinion.Good : Opinion.None;
        }
    }

    public bool Equals(EndpointEvidence? other) =>
        other is not null && Owner == other.Owner && PeerObservations.AsSpan().SequenceEqual(other.PeerObservations.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Owner, PeerObservations.Length);
}
