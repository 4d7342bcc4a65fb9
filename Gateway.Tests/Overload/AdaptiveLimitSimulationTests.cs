using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

/// <summary>Minutes of load in virtual time, on a pool that serves 40 concurrent requests in 20 ms each: 2,000 per second.</summary>
public sealed class AdaptiveLimitSimulationTests
{
    private const int Servers = 40;
    private const double ServiceMilliseconds = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_replica_that_starts_into_a_flood_finds_the_capacity_within_seconds(int seed)
    {
        var backend = Backend(seed);
        backend.Arrivals = 3 * backend.Capacity;
        backend.Run(5);
        AssertFlood(backend.Run(10), backend.Capacity);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_flood_of_minutes_moves_neither_the_limit_nor_the_latency(int seed)
    {
        var backend = Calm(seed, load: 0.6);
        var unloaded = backend.Run(10);
        Assert.Equal(0, unloaded.Refused);

        backend.Arrivals = 2 * backend.Capacity;
        backend.Run(5);
        for (var minute = 0; minute < 6; minute++)
        {
            var flood = backend.Run(60);
            AssertFlood(flood, backend.Capacity);
            Assert.InRange(flood.P99, 0, 2 * unloaded.P99);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void When_half_of_the_capacity_is_lost_so_is_half_of_the_limit_and_ten_seconds_after_its_return_nobody_is_refused(int seed)
    {
        var backend = Calm(seed, load: 0.8);
        backend.Servers = Servers / 2;
        backend.Run(10);
        AssertFlood(backend.Run(60), backend.Capacity);

        backend.Servers = Servers;
        backend.Run(10);
        var recovered = backend.Run(20);
        Assert.InRange(recovered.Refused, 0, backend.Arrivals * 0.001);
        Assert.InRange(recovered.Mean, 0, ServiceMilliseconds * 1.2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_backend_that_becomes_slower_without_losing_capacity_is_not_cut_off(int seed)
    {
        var backend = Calm(seed, load: 0.6);
        (backend.ServiceTime, backend.Servers) = (backend.ServiceTime * 3, Servers * 3);
        backend.Run(15);
        var slow = backend.Run(60);
        Assert.InRange(slow.Refused, 0, backend.Arrivals * 0.001);
        Assert.InRange(slow.Mean, ServiceMilliseconds * 2.9, ServiceMilliseconds * 3.2);

        // Once it is fast again, the limit's usual latency follows.
        (backend.ServiceTime, backend.Servers) = (backend.ServiceTime / 3, Servers);
        backend.Run(30);
        backend.Arrivals = 2 * backend.Capacity;
        backend.Run(10);
        AssertFlood(backend.Run(30), backend.Capacity);
    }

    [Fact]
    public void The_limit_does_not_grow_while_less_than_half_of_it_is_used()
    {
        var backend = Calm(seed: 1, load: 0.6);
        backend.Arrivals = 0.2 * backend.Capacity;
        backend.Run(10);
        var calm = backend.Run(120);
        Assert.Equal(calm.LowestLimit, calm.HighestLimit);
        Assert.Equal(0, calm.Refused);
    }

    [Fact]
    public void Whatever_the_load_every_place_is_given_back()
    {
        var backend = Calm(seed: 3, load: 2);
        backend.Servers = 1;
        backend.Run(5);
        Assert.NotEqual(0, backend.Limiter.InFlight);
        backend.Finish();
        Assert.Equal(0, backend.Limiter.InFlight);
        Assert.Equal(0, backend.Waiting);
    }

    private static SimulatedBackend Backend(int seed) =>
        new(ConcurrencyPolicy.Default with { Min = 10 }, seed) { Servers = Servers, ServiceTime = TimeSpan.FromMilliseconds(ServiceMilliseconds) };

    private static SimulatedBackend Calm(int seed, double load)
    {
        var backend = Backend(seed);
        backend.Arrivals = load * backend.Capacity;
        backend.Run(30);
        return backend;
    }

    /// <summary>The whole capacity is used, and the queue is short.</summary>
    private static void AssertFlood(SimulatedSeconds flood, double capacity)
    {
        var served = capacity * ServiceMilliseconds / 1000;
        Assert.InRange(flood.Answered, capacity * 0.97, capacity * 1.03);
        Assert.InRange(flood.Mean, ServiceMilliseconds, ServiceMilliseconds * 2);
        Assert.InRange(flood.LowestLimit, served, served * 2.5);
        Assert.InRange(flood.HighestLimit, served, served * 2.5);
    }
}
