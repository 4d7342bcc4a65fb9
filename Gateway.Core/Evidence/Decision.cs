using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Evidence;

/// <summary>The decision on an endpoint, and its basis.</summary>
/// <param name="Witnesses">The other replicas whose evidence decided; empty if the replica's own did, or none.</param>
public sealed record Decision(DecisionKind Kind, DecisionReason Reason, ImmutableArray<Witness> Witnesses)
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
    public string Describe(TimeSpan now) => Witnesses.IsEmpty
        ? $"{Kind.Name()} ({Reason.Name()})"
        : $"{Kind.Name()} ({Reason.Name()}): {string.Join(", ", Witnesses.Select(w => Describe(w, now)))}";

    private static string Describe(Witness witness, TimeSpan now)
    {
        var age = (now - witness.Since).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var says = witness.Opinion == Opinion.Bad ? "bad" : "good";
        return $"{witness.Name} {says} for {age} s{(witness.Why.Length > 0 ? $" ({witness.Why})" : "")}";
    }

    public bool Equals(Decision? other) =>
        other is not null && Kind == other.Kind && Reason == other.Reason && Witnesses.AsSpan().SequenceEqual(other.Witnesses.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Kind, Reason, Witnesses.Length);
}
