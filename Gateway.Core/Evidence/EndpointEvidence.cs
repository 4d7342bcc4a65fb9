using System.Collections.Immutable;

namespace Gateway.Core.Evidence;

/// <summary>All that an endpoint's actor has to know of the cluster.</summary>
/// <param name="Owner">Whether this replica is one of the endpoint's probe owners in its zone.</param>
/// <param name="Testimonies">What others say of it, by observer.</param>
public sealed record EndpointEvidence(bool Owner, ImmutableArray<Testimony> Testimonies)
{
    /// <summary>Of a replica that knows of no other, or has not heard of any yet: it probes by itself.</summary>
    public static EndpointEvidence Alone { get; } = new(true, []);

    /// <summary>Whether the zone's probe owners all have an opinion of their probes, so that nobody else's is needed.</summary>
    public bool OwnersSpeak => Testimonies.Count(t => t.Owner && t.Sight.ProbeOpinion != Opinion.None) >= ProbeOwners.PerZone;

    /// <summary>How many others in my zone hold an opinion.</summary>
    public int CountInMyZone(Opinion opinion) => Testimonies.Count(t => t.InMyZone && t.Opinion == opinion);

    /// <summary>
    /// What the probes of my zone's others say, as one opinion, breakers left out: Bad where more fail than pass, Good where any pass otherwise.
    /// It stands for the verdict of a replica that does not probe.
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
