using System.Collections.Immutable;

namespace Gateway.Core.Zones;

/// <summary>
/// Splits a replica's requests between the zones: as many as its own zone's endpoints can take stay there, the rest goes to zones
/// where endpoints outnumber replicas (Envoy's zone aware routing).
/// <code>
/// L_z = replicas_z / replicas      U_z = healthy_z / healthy
/// U_local >= L_local and U_local > 0 : all local
/// else local with U_local / L_local; the remainder to each other zone in proportion to max(0, U_z - L_z)
/// </code>
/// L 40/40/20, U 25/50/25, from the first zone: 62.5 % local, the remainder 2:1. If every replica gets the same number of requests, so
/// does every endpoint: the excess of zones short of endpoints is exactly what the others lack.
/// <para>
/// Endpoints count, regardless of weight. Replicas without a zone are left out of L: they send to all endpoints alike, which does not
/// change the balance of the others. So the zone of endpoints without one always has L = 0.
/// </para>
/// </summary>
public static class ZoneSplit
{
    /// <summary>Stands for no zone where names are keys; not a valid zone name.</summary>
    private const string None = "";

    /// <param name="own">This replica's zone.</param>
    /// <param name="replicas">The zone of each live gateway, possibly including this one.</param>
    /// <param name="healthy">The zone of each endpoint that may be picked.</param>
    /// <param name="panic">Whether health is ignored because too few endpoints are available.</param>
    public static ZoneRouting Decide(
        string? own, IEnumerable<string?> replicas, IEnumerable<string?> healthy, ZonePolicy policy, bool panic = false)
    {
        if (own is null)
        {
            return new ZoneRouting.Off(ZonesOff.NoOwnZone, "this replica has no zone");
        }

        var replicasByZone = replicas.OfType<string>().CountBy(zone => zone).ToDictionary();

        // This replica counts even if the cluster does not know it yet.
        replicasByZone.TryAdd(own, 1);
        var healthyByZone = healthy.CountBy(zone => zone ?? None).ToDictionary();
        var total = healthyByZone.Values.Sum();
        return (replicasByZone.Count, total, healthyByZone.Count) switch
        {
            (1, _, _) => new ZoneRouting.Off(ZonesOff.ReplicasInOneZone, $"only zone {own} has replicas; two zones are required"),
            _ when panic => new ZoneRouting.Off(ZonesOff.Panic, "too few endpoints are available, so health is ignored"),
            (_, var few, _) when few < policy.MinEndpoints =>
                new ZoneRouting.Off(ZonesOff.FewEndpoints, $"{few} healthy endpoints; required: {policy.MinEndpoints} (zones.minEndpoints)"),
            (_, _, 1) => new ZoneRouting.Off(ZonesOff.EndpointsInOneZone, "fewer than two zones have healthy endpoints"),
            _ => Split(own, replicasByZone, healthyByZone),
        };
    }

    private static ZoneRouting.On Split(string own, Dictionary<string, int> replicas, Dictionary<string, int> healthy)
    {
        var (allReplicas, allHealthy) = ((double)replicas.Values.Sum(), (double)healthy.Values.Sum());
        ImmutableArray<Zone> zones =
        [
            .. replicas.Keys.Union(healthy.Keys).Order(StringComparer.Ordinal).Select(name =>
            {
                var (r, h) = (replicas.GetValueOrDefault(name), healthy.GetValueOrDefault(name));
                return new Zone(name, r, h, h / allHealthy, r / allReplicas);
            }),
        ];
        var local = zones.Single(zone => zone.Name == own);
        var localShare = local.Endpoints >= local.Load ? 1 : local.Endpoints / local.Load;

        // If this zone is short, another has a surplus: both U and L sum to 1.
        var surplus = zones.Sum(zone => zone.Surplus);
        return new(own, [.. zones.Select(zone => new ZoneShare(
            zone.Name == None ? null : zone.Name,
            zone.Replicas,
            zone.Healthy,
            zone.Name == own ? localShare : localShare < 1 ? (1 - localShare) * zone.Surplus / surplus : 0))]);
    }

    /// <param name="Endpoints">U.</param>
    /// <param name="Load">L.</param>
    private readonly record struct Zone(string Name, int Replicas, int Healthy, double Endpoints, double Load)
    {
        public double Surplus => Math.Max(0, Endpoints - Load);
    }
}

/// <summary>One zone's share of this replica's requests, and its basis.</summary>
/// <param name="Zone">Null for the zone of endpoints without one.</param>
/// <param name="Replicas">Live gateways there.</param>
/// <param name="Healthy">The endpoints there that may be picked.</param>
/// <param name="Share">0 to 1; those of all zones sum to 1.</param>
public readonly record struct ZoneShare(string? Zone, int Replicas, int Healthy, double Share);
