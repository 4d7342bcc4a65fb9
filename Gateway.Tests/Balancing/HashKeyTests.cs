using System.Net;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class HashKeyTests
{
    [Fact]
    public void The_key_is_that_of_xxh3_in_every_process() => Assert.Equal(0x2D06_8005_38D3_94C2UL, HashKey.Of([]));

    [Fact]
    public void A_mapped_address_is_its_ipv4_address()
    {
        var v4 = IPAddress.Parse("192.0.2.1");
        Assert.Equal(HashKey.Of(v4), HashKey.Of(v4.MapToIPv6()));
        Assert.Equal(HashKey.Of([192, 0, 2, 1]), HashKey.Of(v4));
    }

    [Fact]
    public void Different_clients_have_different_keys() => Assert.Equal(
        3, new[] { "192.0.2.1", "192.0.2.2", "2001:db8::1" }.Select(IPAddress.Parse).Select(HashKey.Of).Distinct().Count());

    [Fact]
    public void A_scope_does_not_count() =>
        Assert.Equal(HashKey.Of(IPAddress.Parse("fe80::1%3")), HashKey.Of(IPAddress.Parse("fe80::1%7")));

    [Fact]
    public void A_key_allocates_nothing()
    {
        var address = IPAddress.Parse("2001:db8::1");
        var keys = HashKey.Of(address);
        Allocations.AssertNone(() =>
        {
            for (var n = 0; n < 1_000; n++)
            {
                keys ^= HashKey.Of(address);
            }
        });
        Assert.NotEqual(0UL, keys);
    }
}
