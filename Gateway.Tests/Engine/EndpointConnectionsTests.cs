using Gateway.Core.Endpoints;
using Gateway.Node.Engine;

namespace Gateway.Tests.Engine;

public sealed class EndpointConnectionsTests
{
    private readonly EndpointConnections _connections = new(new EndpointCell(TestEndpoints.Id(1), new(), maxInFlight: 10));

    [Fact]
    public void There_are_as_many_places_as_the_limit_says()
    {
        Assert.True(_connections.TryReserve(2));
        Assert.True(_connections.TryReserve(2));
        Assert.False(_connections.TryReserve(2));
        _connections.Release();
        Assert.True(_connections.TryReserve(2));
        Assert.Equal(2, _connections.Reading.Open);
    }

    [Fact]
    public void A_place_that_is_released_twice_is_an_error()
    {
        Assert.True(_connections.TryReserve(1));
        _connections.Release();
        Assert.Throws<InvalidOperationException>(_connections.Release);
    }
}
