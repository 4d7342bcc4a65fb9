using Gateway.Core.Addressing;

namespace Gateway.Tests.Addressing;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("localhost:80", "localhost", 80)]
    [InlineData("a:1", "a", 1)]
    [InlineData("10.0.0.1:65535", "10.0.0.1", 65535)]
    [InlineData("[::1]:4053", "[::1]", 4053)]
    [InlineData("*:0", "*", 0)]
    public void An_address_has_a_host_and_a_port(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out var address));
        Assert.Equal(new HostPort(host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("", "is not an address")]
    [InlineData("host", "is not an address")]
    [InlineData("host:", "is not an address")]
    [InlineData("host:x", "is not an address")]
    [InlineData("host:-1", "is not an address")]
    [InlineData("a b:80", "is not an address")]
    [InlineData("[::1:80", "is not an address")]
    [InlineData("fe80::1]:80", "is not an address")]
    [InlineData("80", "has no host")]
    [InlineData(":80", "has no host")]
    [InlineData("10.0.0.1", "has no port")]
    [InlineData("[::1]", "has no port")]
    [InlineData("::1", "is an IPv6 address without brackets")]
    [InlineData("::1:80", "is an IPv6 address without brackets")]
    [InlineData("host:65536", "has a port above 65535")]
    [InlineData("[::1]:65536", "has a port above 65535")]
    [InlineData("a:b:99999", "has a port above 65535")]
    [InlineData("host:9999x", "is not an address")]
    [InlineData("http://host:80", "must not have a scheme")]
    public void A_text_that_is_not_an_address_is_refused_with_its_fault(string text, string fault)
    {
        Assert.False(HostPort.TryParse(text, out _));
        Assert.Equal(fault, HostPort.FaultOf(text));
    }

    /// <summary>Where it cannot be reached, a caller refuses what another accepts.</summary>
    [Theory]
    [InlineData("host:0")]
    [InlineData("*:80")]
    [InlineData("0.0.0.0:80")]
    [InlineData("[::]:80")]
    public void An_address_that_a_caller_refuses_lacks_nothing(string text) => Assert.Equal("is not an address", HostPort.FaultOf(text));

    [Theory]
    [InlineData("host:1", true)]
    [InlineData("[::1]:1", true)]
    [InlineData("host:0", false)]
    [InlineData("*:1", false)]
    [InlineData("host", false)]
    public void Neither_port_0_nor_every_address_can_be_reached(string text, bool isReachable) => Assert.Equal(isReachable, HostPort.TryParseReachable(text, out _));
}
