using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Surroundings;

/// <summary>The replicas with other settings than this one, for code outside actors. Written by <c>AgreementActor</c> only.</summary>
public sealed class SettingsAgreement
{
    private ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> _current = ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>>.Empty;

    /// <summary>The differing pools of each replica that has sent its digests; see <see cref="SettingsComparison.Differences"/>.</summary>
    public ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }

    /// <summary>Describes the pools for which a replica has other settings; null if none are known.</summary>
    public string? Describe(ReplicaId replica) =>
        Current.TryGetValue(replica, out var pools) && !pools.IsEmpty ? $"other: {string.Join(", ", pools)}" : null;
}
