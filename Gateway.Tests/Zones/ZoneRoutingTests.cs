using Gateway.Actors.Local;
using Gateway.Core.Balancing;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Tests.Actors;

namespace Gateway.Tests.Zones;

/// <summary>Five replicas in zones 2/2/1 in front of four endpoints in zones 1/2/1, seen from the first in zone a.</summary>
public sealed class ZoneRoutingTests : ActorTest
{
    private const int Picks = 100_000;

    private static readonly string[] Endpoints = ["a", "b", "b", "c"];

    [Fact]
    public async Task Five_eighths_of_the_requests_stay_in_the_zone_and_the_rest_goes_two_to_one()
    {
        await StartAsync();
        var shares = SharesByZone();
        Assert.InRange(shares["a"], 0.615, 0.635);
        Assert.InRange(shares["b"], 0.24, 0.26);
        Assert.InRange(shares["c"], 0.115, 0.135);
        Assert.Equal("on, from zone a: 62.5 % to zone a, 25.0 % to zone b, 12.5 % to zone c", Pool.Zones.Text);
    }

    [Fact]
    public async Task Losing_a_zones_replicas_moves_traffic_at_the_next_publication()
    {
        await StartAsync();
        await ClusterAsync("a", "a", "c");

        // L 2/3, 0, 1/3 and U 1/4, 1/2, 1/4: 37.5 % local, the rest to b.
        var shares = SharesByZone();
        Assert.InRange(shares["a"], 0.365, 0.385);
        Assert.InRange(shares["b"], 0.615, 0.635);
    }

    [Fact]
    public async Task A_replica_out_of_reach_is_not_alive()
    {
        await StartAsync();
        var view = Views.Current;
        await SeeAsync(new(view.Self.Id, view.Replicas.Select(replica => replica with { Reachable = replica.Zone != "b" })));
        Assert.InRange(SharesByZone()["b"], 0.615, 0.635);
    }

    [Fact]
    public async Task Losing_a_zones_endpoints_moves_traffic_at_the_next_publication()
    {
        await StartAsync();
        for (var i = 0; i < Pool.Settings.Breaker.Threshold; i++)
        {
            EndpointAt(1).Cell.TryLease(out var lease);
            lease.Report(Outcome.Failure);
            lease.Release();
        }

        await SettleAsync();
        await AdvanceAsync(RouterActor.Coalescing);

        // L 2/5, 2/5, 1/5 and U 0, 2/3, 1/3.
        var shares = SharesByZone();
        Assert.Equal(["b", "c"], shares.Keys.Order());
        Assert.InRange(shares["b"], 0.657, 0.677);
    }

    [Fact]
    public async Task It_is_off_where_it_cannot_be_and_says_so_in_the_status_and_once_in_the_log()
    {
        await StartAsync();
        await ClusterAsync("a", "a");
        Assert.Equal("off: only zone a has replicas; two zones are required", Pool.Zones.Text);
        await ClusterAsync("a");
        await ClusterAsync("a", "b");
        await ConfigureAsync(InZones() with { Zones = new() { MinEndpoints = 5 } });
        Assert.Equal("off: 4 healthy endpoints; required: 5 (zones.minEndpoints)", Pool.Zones.Text);
        Assert.Equal(
            [
                "Information pool default: routing by zone is on, from zone a: 62.5 % to zone a, 25.0 % to zone b, 12.5 % to zone c",
                "Information pool default: routing by zone is off: only zone a has replicas; two zones are required",
                "Information pool default: routing by zone is on, from zone a: 50.0 % to zone a, 50.0 % to zone c",
                "Information pool default: routing by zone is off: 4 healthy endpoints; required: 5 (zones.minEndpoints)",
            ],
            Logged.Lines.Where(line => line.Contains("by zone", StringComparison.Ordinal)).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task A_replica_without_a_zone_sends_to_all_alike_and_makes_no_word_of_it()
    {
        await ConfigureAsync(InZones());
        await ClusterAsync(null, "a", "b", "c");
        Assert.InRange(SharesByZone()["b"], 0.49, 0.51);
        Assert.Equal("off: this replica has no zone", Pool.Zones.Text);
        Assert.DoesNotContain(Logged.Lines, line => line.Contains("by zone", StringComparison.Ordinal));
    }

    private static PoolSettings InZones() => Settings(4) with
    {
        Endpoints = [.. Settings(4).Endpoints.Select((endpoint, i) => endpoint with { Zone = Endpoints[i] })],
    };

    private async Task StartAsync()
    {
        await ConfigureAsync(InZones());
        await Observer.ProbesAsync(4);
        await ClusterAsync("a", "a", "b", "b", "c");
    }

    private Dictionary<string, double> SharesByZone() => Enumerable.Range(0, Picks)
        .Select(n =>
        {
            var lease = Pick(RandomBits.Mix((ulong)n)).Lease;
            lease.Release();
            return lease.Cell;
        })
        .CountBy(cell => Pool.Members.Single(member => member.Cell == cell).Settings.Zone!)
        .ToDictionary(zone => zone.Key, zone => (double)zone.Value / Picks);
}
