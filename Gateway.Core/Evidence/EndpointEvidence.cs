using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>The cluster evidence on one endpoint, for its actor.</summary>
/// <param name="Owner">Whether this replica is one of the endpoint's probe owners in its zone.</param>
/// <param name="Testimonies">Testimonies of other replicas, by observer.</param>
public sealed record EndpointEvidence(bool Owner, ImmutableArray<Testimony> Testimonies)
{
    /// <summary>The evidence of a replica that knows no other, or has no testimony yet: it probes by itself.</summary>
    public static EndpointEvidence Alone { get; } = new(true, []);

    /// <summary>Whether all probe owners of the zone have an opinion from their probes, so that no other is needed.</summary>
    public bool OwnersSpeak => Testimonies.Count(t => t.Owner && t.Sight.ProbeOpinion != Opinion.None) >= ProbeOwners.PerZone;

    /// <summary>Returns the number of other replicas in the zone with this opinion.</summary>
    public int CountInMyZone(Opinion opinion) => Testimonies.Count(t => t.InMyZone && t.Opinion == opinion);

    /// <summary>
    /// The zone's probe opinion, breakers left out: Bad if more probes fail than pass, Good if any pass otherwise.
    /// It stands in for the verdict of a replica that does not probe.
    /// </summary>
    public Opinion ZoneVerdict
    {
        get
        {
            var bad = Testimonies.Count(t => t.InMyZone && t.Sight.ProbeOpinion == Opinion.Bad);
            var good = Testimonies.Count(t => t.InMyZone && t.Sight.ProbeOpinion == Opinion.Good);
            return bad > good ? Opinion.Bad : good > 0 ? Opinion.Good : Opinion.None;
        }
    }

    public bool Equals(EndpointEvidence? other) =>
        other is not null && Owner == other.Owner && Testimonies.AsSpan().SequenceEqual(other.Testimonies.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Owner, Testimonies.Length);
}
