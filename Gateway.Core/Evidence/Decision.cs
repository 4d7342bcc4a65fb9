using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Evidence;

/// <summary>The decision on an endpoint, and its basis.</summary>
/// <param name="PeerOpinions">The other replicas whose evidence decided; empty if the replica's own did, or none.</param>
public sealed record Decision(DecisionKind Kind, DecisionReason Reason, ImmutableArray<PeerOpinion> PeerOpinions)
{
    /// <summary>The decision on an endpoint without any evidence.</summary>
    public static Decision Initial { get; } = new(DecisionKind.Available, DecisionReason.Unknown, []);

    /// <summary>
    /// Whether the endpoint is ejected only on other replicas' reports, so that the pool's cap can bring it back. This includes row 10, since the
    /// decision it continues is no longer backed by this replica's own evidence.
    /// </summary>
    public bool IsOnHearsay => Kind == DecisionKind.Ejected && Reason is DecisionReason.Zone or DecisionReason.Unknown;

    /// <summary>Whether the endpoint is ejected only because it fails more than the others of its pool.</summary>
    public bool IsByComparison => Kind == DecisionKind.Ejected && Reason == DecisionReason.Outlier;

    /// <summary>Whether the pool's cap can keep it in rotation nevertheless.</summary>
    public bool YieldsToCap => IsOnHearsay || IsByComparison;

    /// <summary>Whether it may be too early to decide, because no replica in this zone has probed yet.</summary>
    public bool IsUninformed => Reason is DecisionReason.Unknown or DecisionReason.Unverified;

    /// <summary>Formats the decision, such as <c>suspect (reported): gateway-2 bad for 3.2 s (reset)</c>.</summary>
    public string Describe(TimeSpan now) => PeerOpinions.IsEmpty
        ? $"{Kind.Name()} ({Reason.Name()})"
        : $"{Kind.Name()} ({Reason.Name()}): {string.Join(", ", PeerOpinions.Select(w => Describe(w, now)))}";

    private static string Describe(PeerOpinion peer, TimeSpan now)
    {
        var age = (now - peer.Since).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var says = peer.Opinion == Opinion.Bad ? "bad" : "good";
        return $"{peer.Name} {says} for {age} s{(peer.Why.Length > 0 ? $" ({peer.Why})" : "")}";
    }

    public bool Equals(Decision? other) =>
        other is not null && Kind == other.Kind && Reason == other.Reason && PeerOpinions.AsSpan().SequenceEqual(other.PeerOpinions.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Kind, Reason, PeerOpinions.Length);
}

/// <summary>A replica whose evidence supports a decision, for display.</summary>
/// <param name="Name">The observer's name.</param>
/// <param name="Since">When its view began, by this replica's clock; its age is now minus this.</param>
/// <param name="Why">The reason for its opinion.</param>
public sealed record PeerOpinion(string Name, Opinion Opinion, TimeSpan Since, string Why);

/// <summary>The decisions a replica can make on an endpoint.</summary>
public enum DecisionKind
{
    Available,

    /// <summary>Reported bad by another replica, or stalled: it is probed at once, and a single failure ejects it.</summary>
    Suspect,

    /// <summary>The breaker is half-open: only its trials are sent.</summary>
    TrialsOnly,

    Ejected,
}

/// <summary>The row of <see cref="DecisionTable"/> that decided.</summary>
public enum DecisionReason
{
    /// <summary>Row 10: there is no evidence, so the last decision stands.</summary>
    Unknown,

    /// <summary>Row 1: own probes fail.</summary>
    OwnProbe,

    /// <summary>Row 2: the own breaker is open.</summary>
    OwnBreaker,

    /// <summary>Row 3: the own breaker is half-open.</summary>
    Trial,

    /// <summary>Row 4: own probes pass, and no replica reports it bad.</summary>
    Own,

    /// <summary>
    /// Rows 5 and 8: a replica reports it bad, and this replica or its zone can probe.
    /// </summary>
    Reported,

    /// <summary>
    /// Rows 6 and 7: this replica does not probe, so the others in its zone decide.
    /// </summary>
    Zone,

    /// <summary>Row 9: a replica reports it bad, and none in this zone has probed.</summary>
    Unverified,

    /// <summary>Rows 4, 7 and 10, if all of this replica's attempts wait for an answer.</summary>
    Stalled,

    /// <summary>
    /// Before row 4: it failed more of this replica's requests than the pool's others did.
    /// </summary>
    Outlier,
}
