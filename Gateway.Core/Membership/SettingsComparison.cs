using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// Whether the replicas have the same settings: each tells a digest of every pool, and compares what the others tell with its own. A reload comes to
/// the replicas one after another, so a difference counts when it has lasted.
/// </summary>
/// <param name="Grace">How long a difference must have lasted before it counts.</param>
public sealed record SettingsComparison(TimeSpan Grace)
{
    /// <summary>The digests of this replica's pools, by name.</summary>
    public ImmutableSortedDictionary<string, long> Own { get; private init; } = ImmutableSortedDictionary<string, long>.Empty;

    private ImmutableDictionary<ReplicaId, ImmutableSortedDictionary<string, long>> Told { get; init; } =
        ImmutableDictionary<ReplicaId, ImmutableSortedDictionary<string, long>>.Empty;

    /// <summary>Since when a pool differs at a replica.</summary>
    private ImmutableDictionary<(ReplicaId Replica, string Pool), TimeSpan> Since { get; init; } =
        ImmutableDictionary<(ReplicaId, string), TimeSpan>.Empty;

    /// <summary>These are this replica's own digests now.</summary>
    public SettingsComparison Have(ImmutableSortedDictionary<string, long> own, TimeSpan now) => (this with { Own = own }).Compare(now);

    /// <summary>Another replica has told its digests.</summary>
    public SettingsComparison Hear(ReplicaId from, ImmutableSortedDictionary<string, long> digests, TimeSpan now) =>
        (this with { Told = Told.SetItem(from, digests) }).Compare(now);

    /// <summary>Only these replicas are left.</summary>
    public SettingsComparison Keep(IEnumerable<ReplicaId> members, TimeSpan now) =>
        (this with { Told = Told.RemoveRange(Told.Keys.Except(members).ToList()) }).Compare(now);

    /// <summary>Of each replica that has told its digests, the names of the pools that differ, or that one of the two does not have; none: the settings are the same.</summary>
    public ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> Differences(TimeSpan now) => Told.Keys.ToImmutableSortedDictionary(
        replica => replica,
        replica => DifferingAt(replica).Where(pool => Since.TryGetValue((replica, pool), out var since) && now - since >= Grace).ToImmutableArray());

    private SettingsComparison Compare(TimeSpan now) => this with
    {
        Since = Told.Keys.SelectMany(replica => DifferingAt(replica).Select(pool => (replica, pool)))
            .ToImmutableDictionary(difference => difference, difference => Since.GetValueOrDefault(difference, now)),
    };

    private IEnumerable<string> DifferingAt(ReplicaId replica) => Own.Except(Told[replica]).Concat(Told[replica].Except(Own))
        .Select(pool => pool.Key).Distinct().Order(StringComparer.Ordinal);
}
