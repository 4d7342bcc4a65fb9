using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;

namespace Gateway.Tests;

/// <summary>Parts of a pool's newest snapshot, for tests that look at one of them.</summary>
internal static class PoolReading
{
    extension(Pool pool)
    {
        public PoolSettings Settings => pool.Snapshot.Settings;

        public Picker Picker => pool.Snapshot.Picker;

        public ImmutableArray<RoutedLevel> Levels => pool.Snapshot.Levels;

        public ZoneRouting Zones => pool.Snapshot.Zones;

        public ImmutableArray<PoolMember> Members => pool.Snapshot.Members;

        public ImmutableArray<Endpoint> Endpoints => [.. pool.Snapshot.Members.Select(member => member.Endpoint)];
    }
}
