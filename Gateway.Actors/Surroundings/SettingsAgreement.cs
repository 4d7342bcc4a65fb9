using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Surroundings;

/// <summary>Which replicas have other settings than this one, for whoever is no actor. <c>AgreementActor</c> alone writes it.</summary>
public sealed class SettingsAgreement
{
    private ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> _current = ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>>.Empty;

    /// <summary>Of each replica that has told, the pools that differ; see <see cref="SettingsComparison.Differences"/>.</summary>
    public ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }

    /// <summary>In words: the pools of which that replica has other settings; null: of none, as far as it has told.</summary>
    public string? Describe(ReplicaId replica) =>
        Current.TryGetValue(replica, out var pools) && !pools.IsEmpty ? $"other: {string.Join(", ", pools)}" : null;
}
