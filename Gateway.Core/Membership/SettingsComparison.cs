using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// Compares the replicas' settings: each publishes a digest of every pool and compares the others' with its own. A reload reaches
/// the replicas one after another, so a difference counts once it has lasted.
/// </summary>
/// <param name="Grace">The time a difference must last before it counts.</param>
public sealed record SettingsComparison(TimeSpan Grace)
{
    /// <summary>The digests of this replica's pools, by name.</summary>
    public ImmutableSortedDictionary<string, long> Own { get; private init; } = ImmutableSortedDictionary<string, long>.Empty;

    private ImmutableDictionary<ReplicaId, ImmutableSortedDictionary<string, long>> Peers { get; init; } =
        ImmutableDictionary<ReplicaId, ImmutableSortedDictionary<string, long>>.Empty;

    /// <summary>The time since which each pool differs at a replica.</summary>
    private ImmutableDictionary<(ReplicaId Replica, string Pool), TimeSpan> Since { get; init; } =
        ImmutableDictionary<(ReplicaId, string), TimeSpan>.Empty;

    /// <summary>Sets this replica's own digests.</summary>
    public SettingsComparison WithOwn(ImmutableSortedDictionary<string, long> own, TimeSpan now) => (this with { Own = own }).Compare(now);

    /// <summary>Handles another replica's digests.</summary>
    public SettingsComparison Hear(ReplicaId from, ImmutableSortedDictionary<string, long> digests, TimeSpan now) =>
        (this with { Peers = Peers.SetItem(from, digests) }).Compare(now);

    /// <summary>Drops all replicas but these.</summary>
    public SettingsComparison Keep(IEnumerable<ReplicaId> members, TimeSpan now) =>
        (this with { Peers = Peers.RemoveRange(Peers.Keys.Except(members).ToList()) }).Compare(now);

    /// <summary>Returns, by replica, the names of the pools that differ or that one of the two lacks; empty if the settings are the same.</summary>
    public ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> Differences(TimeSpan now) => Peers.Keys.ToImmutableSortedDictionary(
        replica => replica,
        replica => DifferingAt(replica).Where(pool => Since.TryGetValue((replica, pool), out var since) && now - since >= Grace).ToImmutableArray());

    private SettingsComparison Compare(TimeSpan now) => this with
    {
        Since = Peers.Keys.SelectMany(replica => DifferingAt(replica).Select(pool => (replica, pool)))
            .ToImmutableDictionary(difference => difference, difference => Since.GetValueOrDefault(difference, now)),
    };

    private IEnumerable<string> DifferingAt(ReplicaId replica) => Own.Except(Peers[replica]).Concat(Peers[replica].Except(Own))
        .Select(pool => pool.Key).Distinct().Order(StringComparer.Ordinal);
}
