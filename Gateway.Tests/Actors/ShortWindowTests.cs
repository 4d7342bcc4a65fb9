using Gateway.Actors.Evidence;
using Gateway.Actors.Local;
using Gateway.Core.Breaking;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Actors;

/// <summary>Windows of a few milliseconds follow the clock: the actors' own timers tick every 50 ms.</summary>
public sealed class ShortWindowTests : EvidenceTest
{
    [Fact]
    public async Task A_burst_of_edges_is_sent_after_its_window_without_a_tick_of_the_scheduler()
    {
        await StartAsync(2);
        await JoinAsync(Cast.Replica(2));
        Exhaust(EndpointAt(1));
        await SettleAsync();
        await ToldAsync<EvidenceSent>();
        Exhaust(EndpointAt(2));
        await SettleAsync();
        Clock.Advance(EvidenceActor.Coalescing);
        Assert.Equal(TestEndpoints.Id(2), Assert.Single((await ToldAsync<EvidenceSent>()).Edges.Entries).Endpoint);
    }

    [Fact]
    public async Task A_flapping_pool_is_published_after_its_window_without_a_tick_of_the_scheduler()
    {
        await StartAsync(3);
        await AdvanceAsync(RouterActor.Coalescing);
        Exhaust(EndpointAt(1));
        await SettleAsync();
        Exhaust(EndpointAt(2));
        await SettleAsync();
        Assert.Equal(BreakerPhase.Open, EndpointAt(2).Status.Breaker);
        Clock.Advance(RouterActor.Coalescing);
        await Eventually.IsAsync(() => Pool.Picker is Gateway.Core.Balancing.SinglePicker);
    }
}
