using Gateway.Core.Addressing;

namespace Gateway.Tests.Addressing;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("http://Example.COM", "http://example.com:80")]
    [InlineData("HTTP://example.com:80/", "http://example.com:80")]
    [InlineData("https://example.com", "https://example.com:443")]
    [InlineData("http://[::1]:8001", "http://[::1]:8001")]
    [InlineData("http://127.0.0.1:8001", "http://127.0.0.1:8001")]
    public void Spellings_of_one_address_are_one_endpoint(string text, string canonical) =>
        Assert.Equal(canonical, TestEndpoints.Address(text).Canonical);

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8001")]
    [InlineData("ftp://host:21")]
    [InlineData("http://")]
    [InlineData("http://host:0")]
    [InlineData("http://host:70000")]
    [InlineData("http://host/path")]
    [InlineData("http://host?x")]
    [InlineData("http://user@host")]
    public void What_is_no_backend_address_is_refused_with_what_is_allowed(string text)
    {
        Assert.False(EndpointAddress.TryParse(text, out var address, out var fault));
        Assert.Null(address);
        Assert.Contains("allowed:", fault);
    }
}
