using CsCheck;
using Gateway.Core.Zones;

namespace Gateway.Tests.Zones;

public sealed class ZoneSplitTests
{
    /// <summary>Up to five zones with replicas and endpoints; the first has a replica. The endpoints of the last have no zone.</summary>
    private static readonly Gen<(int[] Replicas, int[] Endpoints)> Clusters =
        Gen.Select(Gen.Int[0, 6].Array[5], Gen.Int[0, 8].Array[6]).Where((replicas, endpoints) =>
            replicas[0] > 0 && replicas.Count(n => n > 0) >= 2 && endpoints.Count(n => n > 0) >= 2);

    [Theory]
    [InlineData("a", 2, 2, 1, 1, 2, 1, 0.625, 0.25, 0.125)]
    [InlineData("b", 2, 2, 1, 1, 2, 1, 0, 1, 0)]
    [InlineData("c", 2, 2, 1, 1, 2, 1, 0, 0, 1)]
    [InlineData("a", 1, 1, 1, 0, 2, 2, 0, 0.5, 0.5)]
    [InlineData("a", 1, 1, 1, 2, 2, 2, 1, 0, 0)]
    public void The_own_zone_keeps_what_its_endpoints_can_take_and_the_rest_goes_where_there_is_room(
        string own, int ra, int rb, int rc, int ea, int eb, int ec, double a, double b, double c)
    {
        // The first: L 40/40/20 and U 25/50/25 give 62.5 % local and the rest 2:1 (Envoy).
        var on = On(own, [ra, rb, rc], [ea, eb, ec]);
        Assert.Equal([a, b, c], on.Shares.Select(share => Math.Round(share.Share, 12)));
        Assert.Equal([(ra, ea), (rb, eb), (rc, ec)], on.Shares.Select(share => (share.Replicas, share.Healthy)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    public void Endpoints_without_a_zone_form_one_that_has_no_replicas(string own)
    {
        var on = On(own, [1, 1, 1], [2, 2, 2, 0, 0, 1]);
        Assert.Equal(1d / 7, on.Shares.Single(share => share.Zone is null).Share, 12);
        Assert.Equal(6d / 7, on.Shares.Single(share => share.Zone == own).Share, 12);
    }

    [Fact]
    public void A_replica_without_a_zone_counts_in_none() =>
        Assert.Equal(
            On("a", [2, 2, 1], [1, 2, 1]).Shares.AsEnumerable(),
            Assert.IsType<ZoneRouting.On>(ZoneSplit.Decide("a", [.. Zones([2, 2, 1]), null], Zones([1, 2, 1]), ZonePolicy.Default)).Shares);

    [Fact]
    public void A_replica_counts_itself_before_the_cluster_does() =>
        Assert.Equal(
            On("a", [1, 1], [1, 3]).Shares.AsEnumerable(),
            Assert.IsType<ZoneRouting.On>(ZoneSplit.Decide("a", ["b"], Zones([1, 3]), ZonePolicy.Default)).Shares);

    [Theory]
    [InlineData(null, "a b", "a b a", false, ZonesOff.NoOwnZone)]
    [InlineData("a", "a a", "a b a", false, ZonesOff.ReplicasInOneZone)]
    [InlineData("a", "a -", "a b a", false, ZonesOff.ReplicasInOneZone)]
    [InlineData("a", "a b", "a b a", true, ZonesOff.Panic)]
    [InlineData("a", "a b", "a b", false, ZonesOff.FewEndpoints)]
    [InlineData("a", "a b", "", false, ZonesOff.FewEndpoints)]
    [InlineData("a", "a b", "b b b", false, ZonesOff.EndpointsInOneZone)]
    public void It_is_off_and_says_why(string? own, string replicas, string endpoints, bool panic, ZonesOff reason)
    {
        var off = Assert.IsType<ZoneRouting.Off>(ZoneSplit.Decide(own, Words(replicas), Words(endpoints), ZonePolicy.Default, panic));
        Assert.Equal(reason, off.Reason);
        Assert.NotEmpty(off.Detail);

        static IEnumerable<string?> Words(string text) =>
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "-" ? null : word);
    }

    [Fact]
    public void The_least_number_of_endpoints_is_a_setting()
    {
        Assert.IsType<ZoneRouting.On>(ZoneSplit.Decide("a", ["a", "b"], ["a", "b"], new() { MinEndpoints = 2 }));
        Assert.IsType<ZoneRouting.Off>(ZoneSplit.Decide("a", ["a", "b"], ["a", "b", "b"], new() { MinEndpoints = 4 }));
    }

    [Fact]
    public void People_read_where_requests_go_and_what_is_missing()
    {
        Assert.Equal("on, from zone a: 62.5 % to zone a, 25.0 % to zone b, 12.5 % to zone c", On("a", [2, 2, 1], [1, 2, 1]).Text);
        Assert.Equal("on, from zone b: 100.0 % to zone b", On("b", [2, 2, 1], [1, 2, 1]).Text);
        Assert.Equal("on, from zone a: 14.3 % to no zone, 85.7 % to zone a", On("a", [1, 1, 1], [2, 2, 2, 0, 0, 1]).Text);
        Assert.Equal(
            "off: 2 healthy endpoints; required: 3 (zones.minEndpoints)",
            ZoneSplit.Decide("a", ["a", "b"], ["a", "b"], ZonePolicy.Default).Text);
    }

    [Fact]
    public void Only_on_and_off_and_another_reason_are_a_difference_in_kind()
    {
        var (on, otherwise) = (On("a", [1, 1], [2, 2]), On("a", [1, 1], [1, 2]));
        var few = new ZoneRouting.Off(ZonesOff.FewEndpoints, "2 of 3");
        Assert.False(on.DiffersInKind(otherwise));
        Assert.False(few.DiffersInKind(few with { Detail = "1 of 3" }));
        Assert.True(few.DiffersInKind(few with { Reason = ZonesOff.Panic }));
        Assert.True(on.DiffersInKind(few) && few.DiffersInKind(on));
    }

    [Fact]
    public void Shares_are_not_negative_and_sum_to_one() => Clusters.Sample((replicas, endpoints) =>
    {
        var shares = On("a", replicas, endpoints).Shares;
        Assert.All(shares, share => Assert.True(share.Share >= 0));
        Assert.Equal(1, shares.Sum(share => share.Share), 9);
        Assert.All(shares, share => Assert.True(share.Healthy > 0 || share.Share == 0));
    });

    [Fact]
    public void When_all_replicas_get_alike_all_endpoints_get_alike() => Clusters.Sample((replicas, endpoints) =>
    {
        // The requests of every replica, by its own split.
        var load = new double[6];
        foreach (var zone in Zones(replicas))
        {
            foreach (var share in On(zone!, replicas, endpoints).Shares)
            {
                load[share.Zone is { } name ? name[0] - 'a' : 5] += share.Share / replicas.Sum();
            }
        }

        Assert.All(load.Zip(endpoints), zone => Assert.Equal((double)zone.Second / endpoints.Sum(), zone.First, 9));
    });

    [Fact]
    public void As_much_stays_local_as_the_own_endpoints_share_allows() => Clusters.Sample((replicas, endpoints) =>
    {
        var (load, room) = ((double)replicas[0] / replicas.Sum(), (double)endpoints[0] / endpoints.Sum());
        Assert.Equal(Math.Min(1, room / load), Local(replicas, endpoints), 9);
    });

    [Fact]
    public void One_more_endpoint_in_the_own_zone_never_sends_more_away() => Clusters.Sample((replicas, endpoints) =>
    {
        int[] more = [endpoints[0] + 1, .. endpoints[1..]];
        Assert.True(Local(replicas, more) >= Local(replicas, endpoints) - 1e-12);
    });

    [Fact]
    public void One_more_replica_in_the_own_zone_never_keeps_more_of_each_ones_requests_there() => Clusters.Sample((replicas, endpoints) =>
    {
        int[] more = [replicas[0] + 1, .. replicas[1..]];
        Assert.True(Local(more, endpoints) <= Local(replicas, endpoints) + 1e-12);
    });

    private static double Local(int[] replicas, int[] endpoints) =>
        On("a", replicas, endpoints).Shares.Single(share => share.Zone == "a").Share;

    private static ZoneRouting.On On(string own, int[] replicas, int[] endpoints) => Assert.IsType<ZoneRouting.On>(
        ZoneSplit.Decide(own, Zones(replicas), Zones(endpoints), new() { MinEndpoints = 1 }));

    /// <summary>The given numbers in zones a, b and so on; those of the sixth have no zone.</summary>
    private static IEnumerable<string?> Zones(int[] counts) =>
        counts.SelectMany((count, i) => Enumerable.Repeat(i < 5 ? ((char)('a' + i)).ToString() : null, count));
}
