using Gateway.Core.Pools;

namespace Gateway.Tests.Conformance;

/// <summary>The Host field: exactly one comes in, and the pool chooses the one sent.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("shop.example")]
    [InlineData("Shop.EXAMPLE:8080")]
    [InlineData("[2001:db8::1]:80")]
    [InlineData("shop.example.")]
    public async Task It_passes_unchanged(string host)
    {
        await using var passage = await Passage.StartAsync();
        Assert.Equal(host, (await passage.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).Head.Value("Host"));
    }

    [Fact]
    public async Task It_is_the_endpoints_own_where_the_pool_says_so()
    {
        await using var passage = await Passage.StartAsync(pool: pool => pool with { Host = new(HostMode.Endpoint) });
        var seen = await passage.SendAsync("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        Assert.Equal((passage.BackendLabel, "shop.example"), (seen.Head.Value("Host"), seen.Head.Value("X-Forwarded-Host")));
    }

    [Fact]
    public async Task It_is_a_fixed_value_where_the_pool_says_so()
    {
        await using var passage = await Passage.StartAsync(pool: pool => pool with { Host = new(HostMode.Fixed, "inner.example:81") });
        var seen = await passage.SendAsync("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        Assert.Equal(("inner.example:81", "shop.example"), (seen.Head.Value("Host"), seen.Head.Value("X-Forwarded-Host")));
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n")]
    public async Task Without_a_host_from_the_client_the_endpoint_gets_its_own(string request)
    {
        await using var passage = await Passage.StartAsync();
        Assert.Equal(passage.BackendLabel, (await passage.SendAsync(request)).Head.Value("Host"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host: a\r\nHost: a\r\n")]
    [InlineData("Host: a\r\nhost: b\r\n")]
    [InlineData("Host: a, b\r\n")]
    [InlineData("Host: a b\r\n")]
    [InlineData("Host: user@a\r\n")]
    [InlineData("Host: a/b\r\n")]
    [InlineData("Host: a:port\r\n")]
    public async Task Any_other_number_than_one_and_any_other_text_is_refused(string lines)
    {
        await using var passage = await Passage.StartAsync();
        await passage.AssertRefusedAsync(400, $"GET / HTTP/1.1\r\n{lines}\r\n");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_malformed_total"));
    }
}
