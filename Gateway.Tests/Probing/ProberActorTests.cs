using Gateway.Core.Health;
using Gateway.Tests.Actors;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Probing;

public sealed class ProberActorTests : ActorTest
{
    [Fact]
    public async Task One_address_in_two_pools_is_probed_once_if_the_probe_is_the_same()
    {
        await ConfigureAsync(Settings(1), Settings(1, "other"));
        await Observer.ProbesAsync(2);
        for (var round = 0; round < 3; round++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            await Observer.ProbesAsync(2);
            await SettleAsync();
        }

        Assert.Equal(4, Probe.CountOf(1));
    }

    [Fact]
    public async Task One_address_is_probed_twice_where_the_probes_differ()
    {
        var other = Settings(1, "other");
        await ConfigureAsync(Settings(1), other with { Health = new() { Probe = new() { Path = "/ping" } } });
        await Observer.ProbesAsync(2);
        Assert.Equal(2, Probe.CountOf(1));
    }

    [Fact]
    public async Task A_probe_that_gives_no_result_is_not_doubled()
    {
        var speak = Probe.Silence(1);
        await ConfigureAsync(Settings(1));
        for (var i = 0; i < 10; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(Probe.CountOf(1), 0, 1);
        speak();
        await Observer.ProbesAsync(1);
        Assert.Equal(1, Probe.CountOf(1));
    }

    [Fact]
    public async Task Probes_that_could_not_be_sent_do_not_count_against_the_endpoint_and_are_sent_when_the_next_is_due()
    {
        await ConfigureAsync(Settings(1));
        await Observer.ProbesAsync(1);
        for (var round = 0; round < 2; round++)
        {
            var end = Probe.Hang(1);
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            await Eventually.IsAsync(() => Probe.CountOf(1) == 2 + round && Environment.ProbeLoad.Current.InFlight == 1);
            end(ProbeResult.NotSent("Too many open files"));
            await Eventually.IsAsync(() => Environment.ProbeLoad.Current.InFlight == 0);
            await SettleAsync();
        }

        Assert.Equal(Verdict.Healthy, EndpointAt(1).Status.Verdict.Verdict);
        Probe.Sicken(1);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Observer.ProbesAsync(1);
        Assert.Equal(4, Probe.CountOf(1));
    }

    [Fact]
    public async Task No_more_probes_are_in_flight_than_allowed()
    {
        var speak = Enumerable.Range(1, 20).Select(Probe.Silence).ToList();
        await ConfigureAsync(Settings(20));
        speak.ForEach(s => s());
        await Observer.ProbesAsync(20);
        Assert.InRange(Probe.MaxRunning, 1, 4);
    }

    [Fact]
    public async Task A_pool_without_probes_sends_none()
    {
        await ConfigureAsync(Settings(1) with { Health = new() { Probe = new() { Kind = ProbeKind.None } } });
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((0, Verdict.Unknown), (Probe.CountOf(1), EndpointAt(1).Status.Verdict.Verdict));
        Assert.Single(Picked());
    }
}
