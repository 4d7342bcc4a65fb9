using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

public sealed class PoolSettingsTests
{
    [Theory]
    [InlineData(null, null, 3, 256)]
    [InlineData(100, null, 3, 34)]
    [InlineData(null, 10, 3, 4)]
    [InlineData(100, 10, 3, 4)]
    [InlineData(10, 100, 3, 34)]
    [InlineData(1000, null, 3, 256)]
    [InlineData(1000, null, 4, 250)]
    public void A_gateway_has_its_part_of_the_endpoints_limit_or_else_of_the_pools_and_never_more_than_its_connections(int? pool, int? endpoint, int gateways, int most)
    {
        var settings = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [], MaxConcurrency = pool, Connections = new() { Max = 256 } };
        Assert.Equal(most, settings.MaxInFlight(new EndpointSettings(TestEndpoints.Address(1), MaxConcurrency: endpoint), gateways));
    }
}
