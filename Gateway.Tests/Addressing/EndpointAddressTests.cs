using Gateway.Core.Addressing;

namespace Gateway.Tests.Addressing;

public sealed class EndpointAddressTests
{
    private const string Allowed = "; allowed: http://host:port or https://host:port";
    private const string More = "has more than scheme, host and port" + Allowed;

    [Theory]
    [InlineData("http://Example.COM", "http://example.com:80")]
    [InlineData("HTTP://example.com:80/", "http://example.com:80")]
    [InlineData("https://example.com", "https://example.com:443")]
    [InlineData("http://[::1]:8001", "http://[::1]:8001")]
    [InlineData("http://127.0.0.1:8001", "http://127.0.0.1:8001")]
    [InlineData("http://host:1", "http://host:1")]
    [InlineData("http://host:65535", "http://host:65535")]
    public void Spellings_of_one_address_are_one_endpoint(string text, string canonical) =>
        Assert.Equal(canonical, TestEndpoints.Address(text).Canonical);

    [Theory]
    [InlineData("http://host", false)]
    [InlineData("https://host", true)]
    public void Https_is_spoken_over_TLS(string text, bool isTls) => Assert.Equal(isTls, TestEndpoints.Address(text).IsTls);

    [Theory]
    [InlineData("", "is empty" + Allowed)]
    [InlineData("127.0.0.1:8001", "has no scheme" + Allowed)]
    [InlineData("localhost:8001", "has no scheme" + Allowed)]
    [InlineData("://host", "has no scheme" + Allowed)]
    [InlineData("ftp://host:21", "has the scheme 'ftp'" + Allowed)]
    [InlineData("FTP://host?x=http://y", "has the scheme 'ftp'" + Allowed)]
    [InlineData("http://", "is not an absolute URI" + Allowed)]
    [InlineData("http://a b:80", "is not an absolute URI" + Allowed)]
    [InlineData("http://[::1", "is not an absolute URI" + Allowed)]
    [InlineData("http://host:x8000", "is not an absolute URI" + Allowed)]
    [InlineData("http://host:70000", "has a port above 65535" + Allowed)]
    [InlineData("https://host:70000/", "has a port above 65535" + Allowed)]
    [InlineData("HTTP://host:65536", "has a port above 65535" + Allowed)]
    [InlineData("http://host:0", "has port 0; allowed: 1 to 65535")]
    [InlineData("http://host/path", More)]
    [InlineData("http://host?x", More)]
    [InlineData("http://host#x", More)]
    [InlineData("http://user@host", More)]
    public void An_invalid_backend_address_is_refused_with_what_is_allowed(string text, string expected)
    {
        Assert.False(EndpointAddress.TryParse(text, out var address, out var fault));
        Assert.Null(address);
        Assert.Equal(expected, fault);
    }
}
