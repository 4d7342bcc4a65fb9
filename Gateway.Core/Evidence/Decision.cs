using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Evidence;

/// <summary>What is decided on an endpoint, and what it rests on.</summary>
/// <param name="Witnesses">The others whose evidence decided; empty where the replica's own did, or none.</param>
public sealed record Decision(DecisionKind Kind, DecisionReason Reason, ImmutableArray<Witness> Witnesses)
{
    /// <summary>Of an endpoint that nobody knows anything of.</summary>
    public static Decision Initial { get; } = new(DecisionKind.Available, DecisionReason.Unknown, []);

    /// <summary>
    /// Whether the endpoint is out on the word of others alone: then the pool's cap can bring it back. Row 10 counts among them, since what it goes on
    /// with is no longer this replica's own evidence.
    /// </summary>
    public bool IsOnHearsay => Kind == DecisionKind.Ejected && Reason is DecisionReason.Zone or DecisionReason.Unknown;

    /// <summary>Whether the endpoint is out only because it fails more than the others of its pool.</summary>
    public bool IsByComparison => Kind == DecisionKind.Ejected && Reason == DecisionReason.Outlier;

    /// <summary>Whether the pool's cap can have it stay in all the same.</summary>
    public bool YieldsToCap => IsOnHearsay || IsByComparison;

    /// <summary>Whether it may still be too early to decide: nobody in this zone has looked yet.</summary>
    public bool IsUninformed => Reason is DecisionReason.Unknown or DecisionReason.Unverified;

    /// <summary>Such as <c>suspect (reported): gateway-2 bad for 3.2 s (reset)</c>.</summary>
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
