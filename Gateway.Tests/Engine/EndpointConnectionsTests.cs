using Gateway.Core.Cells;
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

#if DEBUG
    [Fact]
    public void A_place_that_is_released_twice_is_an_error()
    {
        Assert.True(_connections.TryReserve(1));
        _connections.Release();
        Assert.Throws<InvalidOperationException>(_connections.Release);
    }
#endif

    [Fact]
    public void A_place_at_an_endpoint_that_has_left_is_given_back_to_where_it_was_taken_from()
    {
        var (cell, counts) = (new EndpointCell(TestEndpoints.Id(1), new(), maxInFlight: 10), new ConnectionCounts());
        Assert.True(counts.Of(cell).TryReserve(1));
        counts.Retire(cell);
        Assert.True(counts.Of(cell).IsRetired);
        Assert.Equal(1, counts.Read(cell).Open);
        counts.Of(cell).Release();
        Assert.Equal(0, counts.Read(cell).Open);
    }
}
