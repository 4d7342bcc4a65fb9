using System.IO.Hashing;
using System.Net;
using System.Text;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

public sealed class IpHashPickerTests
{
    private const int Keys = 10_000;

    private readonly EndpointCell[] _cells = TestCells.Many(10);

    [Fact]
    public void A_client_stays_with_its_endpoint()
    {
        var picker = Build(_cells.Candidates());
        Assert.Equal(Owners(picker), Owners(picker));
    }

    [Fact]
    public void Every_process_sends_a_client_to_the_same_endpoint()
    {
        var picker = Build(_cells.Candidates());
        string[] hosts = [.. new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1" }
            .Select(client => picker.Pick(new(HashKey.Of(IPAddress.Parse(client)), 0, TestCells.Now)).Lease.Cell.Id.Address.Host)];
        Assert.Equal(["e2", "e6", "e0", "e6"], hosts);
    }

    [Fact]
    public void Removing_one_of_ten_moves_its_own_keys_about_a_tenth_and_no_others() =>
        Disrupt(Build([.. _cells.Candidates().Where(member => member.Cell != _cells[4])]));

    [Fact]
    public void Ejecting_one_moves_the_very_keys_that_removing_it_would()
    {
        var removed = Build([.. _cells.Candidates().Where(member => member.Cell != _cells[4])]);
        var ejected = Build(_cells.Candidates().Without(_cells[4]));
        Disrupt(ejected);
        Assert.Equal(Owners(removed), Owners(ejected));
    }

    [Fact]
    public void An_endpoint_that_trips_after_the_snapshot_moves_the_same_keys_to_the_same_places()
    {
        var ejected = Owners(Build(_cells.Candidates().Without(_cells[4])));
        var picker = Build(_cells.Candidates());
        _cells[4].Trip();
        Assert.Equal(ejected, Owners(picker));
    }

    [Fact]
    public void Shares_are_by_weight_and_slow_start_moves_no_keys()
    {
        var picker = Build(_cells.Candidates(3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        Assert.InRange(Owners(picker).Count(cell => cell == _cells[0]), Keys * 0.21, Keys * 0.29);
        var slow = Build([new(_cells[0], 3, Factor: 0.1), .. _cells[1..].Candidates()]);
        Assert.Equal(Owners(picker), Owners(slow));
    }

    [Fact]
    public void A_ring_at_its_limit_keeps_keys_in_place_when_a_weight_changes()
    {
        int[] weights = [.. Enumerable.Repeat(200, 10)];
        var before = Owners(Build(_cells.Candidates(weights)));
        weights[0] = 100;
        var after = Owners(Build(_cells.Candidates(weights)));
        var moved = before.Zip(after).Where(pair => pair.First != pair.Second).ToArray();
        Assert.All(moved, pair => Assert.Equal(_cells[0], pair.First));
        Assert.InRange(moved.Length, Keys * 0.03, Keys * 0.07);
    }

    [Fact]
    public void A_key_belongs_to_the_first_point_at_or_after_it_and_the_last_ones_to_the_first()
    {
        var ring = new HashRing(_cells.Candidates());
        var points = _cells.SelectMany((cell, owner) => Points(cell).Select(point => (point, owner))).Order().ToArray();
        Assert.Equal(points.Length, ring.Length);
        for (var n = 0UL; n < Keys; n++)
        {
            var after = points.FirstOrDefault(point => point.point >= RandomBits.Mix(n), points[0]);
            Assert.Equal(after.owner, ring.Owner(ring.Find(n)));
        }

        Assert.All(Enumerable.Range(0, points.Length), i => Assert.Equal(
            (i, (i + 1) % points.Length), (ring.Find(TestCells.Unmixed(points[i].point)), ring.Find(TestCells.Unmixed(points[i].point + 1)))));
    }

    [Fact]
    public void A_ring_at_its_limit_has_a_point_for_even_the_lightest()
    {
        // 160 points for each of 102,145 units of weight are halved 8 times, to 5/8 of a point: 160 points for each heavy member.
        var ring = new HashRing(TestCells.Many(400).Candidates([1, .. Enumerable.Repeat(256, 399)]));
        Assert.Equal((399 * 160) + 1, ring.Length);
        Assert.Single(Enumerable.Range(0, ring.Length), point => ring.Owner(point) == 0);
    }

    private static IEnumerable<ulong> Points(EndpointCell cell)
    {
        var seed = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(cell.Id.Address.Canonical));
        return Enumerable.Range(0, HashRing.PointsPerWeight).Select(i => XxHash3.HashToUInt64(BitConverter.GetBytes(i), seed));
    }

    private static Picker Build(Candidate[] members) => TestCells.Build(Strategy.IpHash, members);

    private static EndpointCell[] Owners(Picker picker) => [.. Enumerable.Range(0, Keys).Select(n => picker.Next(n))];

    private void Disrupt(Picker after)
    {
        var before = Owners(Build(_cells.Candidates()));
        var moved = before.Zip(Owners(after)).Where(pair => pair.First != pair.Second).ToArray();
        Assert.All(moved, pair => Assert.Equal(_cells[4], pair.First));
        Assert.InRange(moved.Length, Keys * 0.07, Keys * 0.13);
        Assert.True(moved.Select(pair => pair.Second).Distinct().Count() == 9, "its keys spread over all others");
    }
}
