using System.Net;
using System.Net.Sockets;
using CsCheck;
using Gateway.Node.Limiting;

namespace Gateway.Tests.Limiting;

public sealed class NetworkSetTests
{
    private static readonly Gen<IPAddress> Addresses = Gen.Frequency(
        (1, Gen.Byte[0, 3].Array[4].Select(bytes => new IPAddress(bytes))),
        (1, Gen.Byte[0, 3].Array[16].Select(bytes => new IPAddress(bytes))));

    private static readonly Gen<IPNetwork> Networks = Gen.Select(Addresses, Gen.Int[0, 128]).Select((address, bits) => NetworkOf(address, bits));

    [Fact]
    public void It_has_just_the_addresses_that_its_networks_have() => Gen.Select(Networks.Array[0, 20], Addresses.Array[1, 50]).Sample((networks, addresses) =>
    {
        var set = new NetworkSet([.. networks]);
        Assert.All(addresses, address => Assert.Equal(networks.Any(n => n.Contains(address)), set.Contains(address)));
    });

    [Theory]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "9.255.255.255", false)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("192.0.2.7/32", "192.0.2.7", true)]
    [InlineData("192.0.2.7/32", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    public void Its_edges_are_those_of_the_network(string network, string address, bool isIn) =>
        Assert.Equal(isIn, new NetworkSet([IPNetwork.Parse(network)]).Contains(IPAddress.Parse(address)));

    [Fact]
    public void A_denied_network_is_refused_whatever_is_allowed()
    {
        var rule = ClientRule.Of(new() { Allow = [IPNetwork.Parse("10.1.0.0/16")], Deny = [IPNetwork.Parse("10.0.0.0/8")] })!;
        Assert.False(rule.Admits(IPAddress.Parse("10.1.2.3")));
        Assert.False(rule.Admits(IPAddress.Parse("192.0.2.1")));
        Assert.True(ClientRule.Of(new() { Allow = [IPNetwork.Parse("10.1.0.0/16")] })!.Admits(IPAddress.Parse("10.1.2.3")));
        Assert.Null(ClientRule.Of(new()));
    }

    private static IPNetwork NetworkOf(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        bits = address.AddressFamily == AddressFamily.InterNetwork ? bits % 33 : bits;
        for (var bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(bytes), bits);
    }
}
