using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Cluster.Wire;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;

namespace Gateway.Tests.Overrides;

/// <summary>The most and longest possible overrides fit into the messages that carry them.</summary>
public sealed class OverrideSizesTests
{
    /// <summary>As in cluster.hocon: the parts in one message, and the largest message.</summary>
    private const int PartsTogether = 8;
    private const int Frame = 1024 * 1024;

    private static readonly WireSerializer Serializer = new(null!);

    [Fact]
    public void The_largest_parts_fit_into_one_message_together()
    {
        var map = Enumerable.Range(0, OverrideMap.MaxCount).Aggregate(OverrideMap.Empty, static (map, i) => map.Change(Long(i), new EndpointChange.Add(new(256, new string('z', 64), 9)), long.MaxValue, new string('w', Remark.MaxWhoLength)));
        Assert.Equal(OverrideMap.MaxCount, map.Count);
        var largest = map.Parts.Select(part => Serializer.ToBinary(new OverridesData(part)).Length).OrderDescending().Take(PartsTogether).Sum();
        Assert.InRange(largest, 100_000, Frame * 3 / 4);
    }

    [Fact]
    public void Endpoints_are_spread_evenly_over_the_parts()
    {
        var counts = Enumerable.Range(0, OverrideMap.MaxCount).Select(Short).CountBy(OverrideMap.PartOf).Select(part => part.Value).ToList();
        Assert.Equal(OverrideMap.PartCount, counts.Count);
        Assert.InRange(counts.Max(), OverrideMap.MaxCount / OverrideMap.PartCount, OverrideMap.MaxCount / OverrideMap.PartCount * 2);
    }

    private static EndpointId Short(int number) => new("default", TestEndpoints.Address($"http://10.{number / 65536}.{number / 256 % 256}.{number % 256}:8080"));

    /// <summary>With a name of 200 characters.</summary>
    private static EndpointId Long(int number) => new(
        "a-pool-with-a-rather-long-name", TestEndpoints.Address($"https://{string.Join('.', Enumerable.Repeat(new string('x', 60), 3))}.{number:0000000}.example:8443"));
}
