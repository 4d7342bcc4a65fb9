using Gateway.Core.Addressing;

namespace Gateway.Tests.Addressing;

public sealed class EndpointIdTests
{
    [Fact]
    public void An_endpoint_is_named_by_its_pool_and_its_address() =>
        Assert.Equal("shop/http://10.0.0.1:8000", new EndpointId("shop", TestEndpoints.Address(1)).ToString());
}
