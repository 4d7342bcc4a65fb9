using Gateway.Core.Balancing;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;

namespace Gateway.Actors.Local;

/// <summary>The split of the pool's requests between priorities, and within each between zones.</summary>
public sealed partial class RouterActor
{
    private void RouteByLevel(List<Candidate> members)
    {
        var (levels, zones) = (_pool.Levels, _pool.Zones);
        _pool.Levels =
        [
            .. PrioritySplit.Decide(members, _pool.Settings.PanicThreshold).Select(level =>
                new RoutedLevel(level, ZonesOf(members.Where(member => member.Priority == level.Priority), level.Panic))),
        ];
        if (_pool.Zones.DiffersInKind(zones))
        {
            Log.Zones(_log, _pool.Name, _pool.Zones.Text);
        }

        if ((levels.Length > 1 || _pool.Levels.Length > 1) && !SharesOf(levels).SequenceEqual(SharesOf(_pool.Levels)))
        {
            Log.Levels(_log, _pool.Name, PrioritySplit.Describe(_pool.Levels.Select(level => level.Level)));
        }
    }

    /// <summary>Decides zone routing by the live replicas and the endpoints that may be picked now.</summary>
    private ZoneRouting ZonesOf(IEnumerable<Candidate> members, bool panic)
    {
        var view = _gateways.View;
        return ZoneSplit.Decide(
            view.Self.Zone,
            view.ReachableGateways.Select(replica => replica.Zone),
            members.Where(member => member is { Available: true, Held: false }).Select(member => member.Zone),
            _pool.Settings.Zones,
            panic);
    }

    private static IEnumerable<(int, int)> SharesOf(IEnumerable<RoutedLevel> levels) => levels.Select(level => (level.Level.Priority, level.Level.Load));
}
