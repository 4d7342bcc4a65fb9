using System.Collections.Immutable;
using Gateway.Core.Membership;
using Gateway.Core.Overload;
using Gateway.Core.Retrying;

namespace Gateway.Core.Pools;

/// <summary>
/// A running pool: its newest snapshot, and all that lives longer than its settings. Only the pool's router publishes; the pool outlives restarts of the router,
/// and so do positions, latency memory and open leases.
/// </summary>
public sealed class Pool
{
    private readonly SnapshotBuilder _builder = new();
    private PoolSnapshot _snapshot;

    /// <param name="settings">The settings in force.</param>
    /// <param name="configured">The same without operators' changes; null if there are none.</param>
    public Pool(PoolSettings settings, PoolSettings? configured = null)
    {
        Name = settings.Name;
        _snapshot = new() { Pool = this, Settings = settings, Configured = configured ?? settings };
    }

    public string Name { get; }

    public RetryBudget RetryBudget { get; } = new();

    /// <summary>The adaptive limit on waiting requests, if the settings have one.</summary>
    public ConcurrencyLimiter Concurrency { get; } = new();

    /// <summary>The newest snapshot. Read it once and take everything from it: two reads may return two.</summary>
    public PoolSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>
    /// Returns what the next attempt of a request goes by: the newest snapshot if it has the policies with which the request began, otherwise the one with which
    /// it began. So an attempt is never sent under old policies to an endpoint that was picked under new ones.
    /// </summary>
    /// <param name="begun">The snapshot with which the request began; null if its attempts are over.</param>
    public PoolSnapshot NewestFor(PoolSnapshot? begun)
    {
        var newest = Snapshot;
        return begun is null || begun.Edition == newest.Edition ? newest : begun;
    }

    /// <summary>Builds a picker for these settings and members and publishes all of it with one write. Called by the pool's router only.</summary>
    /// <param name="members">The endpoints, in the order of the settings, with their standings so far.</param>
    /// <param name="view">The cluster; null if zones do not count.</param>
    public Publication Publish(PoolSettings settings, PoolSettings configured, ImmutableArray<PoolMember> members, ClusterView? view, TimeSpan now)
    {
        var before = _snapshot;
        var draft = before with
        {
            Settings = settings,
            Configured = configured,
            Edition = settings.HasPoliciesOf(before.Settings) ? before.Edition : before.Edition + 1,
            Members = members,
            Places = members == before.Members ? before.Places : new(),
        };
        var publication = _builder.Build(draft, view, now);
        Volatile.Write(ref _snapshot, publication.Snapshot);
        return publication;
    }

    /// <summary>Publishes the same settings and members again, by their newest statuses. Called by the pool's router only.</summary>
    public Publication Publish(ClusterView? view, TimeSpan now) => Publish(_snapshot.Settings, _snapshot.Configured, _snapshot.Members, view, now);
}
