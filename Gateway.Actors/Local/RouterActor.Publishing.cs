using System.Collections.Immutable;
using Gateway.Core.Pools;
using Gateway.Core.Priorities;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>The publication of the pool's snapshots, with the log of what changed.</summary>
public sealed partial class RouterActor
{
    /// <summary>The pause after a publication, as a multiple of its duration: a pool of thousands must not keep a core busy.</summary>
    private const int PauseFactor = 4;

    private static readonly TimeSpan SlowStartStep = TimeSpan.FromSeconds(1);

    private void PublishSoon()
    {
        if (_publishing.IsOpen)
        {
            _stale = true;
        }
        else
        {
            Publish();
        }
    }

    private void Publish()
    {
        var snapshot = _pool.Snapshot;
        Publish(snapshot.Settings, snapshot.Configured, snapshot.Members);
    }

    private void Publish(PoolSettings settings, PoolSettings configured, ImmutableArray<PoolMember> members)
    {
        _stale = false;
        var begun = _clock.Provider.GetTimestamp();
        var before = _pool.Snapshot;
        var publication = _pool.Publish(settings, configured, members, _gateways.View, _clock.Now);
        if (publication.IsInSlowStart)
        {
            Timers.StartSingleTimer(Tick.SlowStart, Tick.SlowStart, SlowStartStep);
        }

        ReportClaims(publication);
        ReportLevels(before, publication.Snapshot);
        ReportAvailability(publication);
        var cost = _clock.Provider.GetElapsedTime(begun) * PauseFactor;
        _publishing.Open(cost > Coalescing ? cost : Coalescing);
    }

    /// <summary>Counts the claims by reports, and logs those beyond the cap.</summary>
    private void ReportClaims(Publication publication)
    {
        foreach (var (member, claim) in publication.Snapshot.Members.Zip(publication.Claims))
        {
            var (id, standing) = (member.Id, member.Standing);
            if (claim.IsHearsay && _claims.GetValueOrDefault(id.Address) != (claim.Wanted, standing))
            {
                _observer.Claimed(id, claim.Wanted, enforced: standing == claim.Wanted);
                if (standing != claim.Wanted)
                {
                    Log.Capped(_log, id, Log.Words(claim.Wanted));
                }
            }

            _claims[id.Address] = claim.IsHearsay ? (claim.Wanted, standing) : default;
        }
    }

    private void ReportLevels(PoolSnapshot before, PoolSnapshot now)
    {
        if (now.Zones.DiffersInKind(before.Zones))
        {
            Log.Zones(_log, _pool.Name, now.Zones.Text);
        }

        if ((before.Levels.Length > 1 || now.Levels.Length > 1) && !SharesOf(before).SequenceEqual(SharesOf(now)))
        {
            Log.Levels(_log, _pool.Name, PrioritySplit.Describe(now.Levels.Select(level => level.Level)));
        }

        static IEnumerable<(int, int)> SharesOf(PoolSnapshot snapshot) => snapshot.Levels.Select(level => (level.Level.Priority, level.Level.Load));
    }

    private void ReportAvailability(Publication publication)
    {
        var (available, total) = (publication.Available, publication.Snapshot.Members.Length);
        if (available != _available)
        {
            _available = available;
            Log.Availability(_log, available < total ? LogLevel.Warning : LogLevel.Information, _pool.Name, available, total);
        }

        var panic = publication.Snapshot.Levels.Any(level => level.Level is { Panic: true, Load: > 0 });
        if (panic != _panic)
        {
            _panic = panic;
            Log.Panic(_log, _pool.Name, panic ? "too few endpoints are available, so all are used" : "enough endpoints are available again");
        }
    }
}
