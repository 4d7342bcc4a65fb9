using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;
using Gateway.Tests.Actors;

namespace Gateway.Tests.Local;

public sealed class RouterActorTests : ActorTest
{
    [Fact]
    public async Task A_configured_pool_has_a_picker_when_the_answer_comes()
    {
        await ConfigureAsync(Settings(3));
        Assert.Equal(3, Picked().Count);
    }

    [Fact]
    public async Task A_reload_keeps_counts_latency_and_breakers_of_endpoints_that_stay()
    {
        await ConfigureAsync(Settings(3));
        var stays = EndpointAt(2);
        stays.Cell.TryLease(out var lease);
        stays.Cell.Observe(TimeSpan.FromMilliseconds(70), Elapsed);
        await ConfigureAsync(Settings(4) with { Strategy = Strategy.LeastConnections });
        Assert.Same(stays.Cell, EndpointAt(2).Cell);
        Assert.Equal(1, EndpointAt(2).Cell.InFlight);
        Assert.Equal(0.07, EndpointAt(2).Cell.Latency.Cost, 6);
        Assert.Equal(4, Pool.Endpoints.Length);
        lease.Release();
    }

    [Fact]
    public async Task A_removed_endpoint_is_picked_no_more_and_its_lease_ends_as_any_other()
    {
        await ConfigureAsync(Settings(2));
        var leaves = EndpointAt(2);
        leaves.Cell.TryLease(out var lease);
        await ConfigureAsync(Settings(1));
        Assert.Equal([TestEndpoints.Address(1)], Picked());
        Assert.Equal([leaves], Observer.RemovedEndpoints);
        lease.Report(Outcome.Success);
        lease.Release();
        Assert.Equal(0, leaves.Cell.InFlight);
    }

    [Fact]
    public async Task A_reload_does_not_begin_the_rotation_anew()
    {
        await ConfigureAsync(Settings(4));
        var counts = new Dictionary<EndpointAddress, int>();
        for (var i = 0; i < 40; i++)
        {
            await ConfigureAsync(Settings(4));
            var lease = Pick().Lease;
            counts[lease.Cell.Id.Address] = counts.GetValueOrDefault(lease.Cell.Id.Address) + 1;
            lease.Release();
        }

        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 8, 12));
    }

    [Fact]
    public async Task A_removed_pool_goes_and_the_others_stay()
    {
        await ConfigureAsync(Settings(1), Settings(2, "other"));
        var pool = Pool;
        await ConfigureAsync(Settings(1));
        Assert.Same(pool, Assert.Single(Pools).Value);
        Assert.Equal(2, Observer.RemovedEndpoints.Count);
    }

    [Fact]
    public async Task With_too_few_endpoints_available_a_pool_in_panic_uses_all()
    {
        Probe.Sicken(1);
        Probe.Sicken(2);
        await ConfigureAsync(Settings(3) with { PanicThreshold = 50 });
        await Observer.ProbesAsync(3);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(3, Picked().Count);
        Assert.True(Pool.Picker.Panic);
    }

    [Fact]
    public async Task A_pool_in_panic_sends_nothing_to_what_drains()
    {
        Probe.Sicken(1);
        Probe.Sicken(2);
        var settings = Settings(3) with { PanicThreshold = 90 };
        await ConfigureAsync(settings with { Endpoints = [.. settings.Endpoints.Select((endpoint, i) => endpoint with { Draining = i == 2 })] });
        await Observer.ProbesAsync(3);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.True(Pool.Picker.Panic);
        Assert.Equal([TestEndpoints.Address(1), TestEndpoints.Address(2)], Picked());
    }

    [Fact]
    public async Task A_draining_endpoint_is_not_picked_until_it_is_undrained_and_both_are_announced()
    {
        await ConfigureAsync(Settings(2));
        await Observer.ProbesAsync(2);
        await SettleAsync();
        foreach (var drains in (bool[])[true, false])
        {
            Observer.Changes.Clear();
            var settings = Settings(2);
            await ConfigureAsync(settings with { Endpoints = settings.Endpoints.SetItem(1, settings.Endpoints[1] with { Draining = drains }) });
            Assert.Equal((drains ? 1 : 2, drains), (Picked().Count, MemberAt(2).Draining));
            Assert.Equal([TestEndpoints.Id(2)], Observer.Changes);
        }
    }

    [Fact]
    public async Task The_load_of_the_priorities_follows_the_health_of_their_endpoints_and_is_logged_once_at_each_change()
    {
        var settings = Settings(4);
        await ConfigureAsync(settings with { Endpoints = [.. settings.Endpoints.Select((endpoint, i) => endpoint with { Priority = i / 2 })] });
        await Observer.ProbesAsync(4);
        Assert.Equal([TestEndpoints.Address(1), TestEndpoints.Address(2)], Picked());
        for (var i = 0; i < Pool.Settings.Breaker.Threshold; i++)
        {
            EndpointAt(1).Cell.TryLease(out var lease, LeaseOptions.Panic);
            lease.Report(Outcome.Failure);
            lease.Release();
        }

        await SettleAsync();
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal([70, 30], Pool.Levels.Select(level => level.Level.Load));
        await ConfigureAsync(Settings(4));
        Assert.Equal([100], Pool.Levels.Select(level => level.Level.Load));
        Assert.Equal(
            [
                "Information pool default: 100 % to priority 0 (2 of 2 healthy), 0 % to priority 1 (2 of 2 healthy)",
                "Information pool default: 70 % to priority 0 (1 of 2 healthy), 30 % to priority 1 (2 of 2 healthy)",
                "Information pool default: 100 % to priority 0 (3 of 4 healthy)",
            ],
            Logged.Lines.Where(line => line.Contains("to priority", StringComparison.Ordinal)).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Without_a_panic_threshold_none_available_means_none()
    {
        Probe.Sicken(1);
        await ConfigureAsync(Settings(1));
        await Observer.ProbesAsync(1);
        await AdvanceAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(PickKind.NoneAvailable, Pick().Kind);
    }

    [Fact]
    public async Task An_endpoint_that_joins_a_running_pool_starts_slowly_and_the_first_ones_do_not()
    {
        var slowly = Settings(1) with { Strategy = Strategy.Weighted, SlowStart = new() { Window = TimeSpan.FromSeconds(100) } };
        await ConfigureAsync(slowly);
        Assert.Null(EndpointAt(1).Status.SlowStartFrom);
        await ConfigureAsync(slowly with { Endpoints = Settings(2).Endpoints });
        Assert.Equal(Elapsed, EndpointAt(2).Status.SlowStartFrom);

        var counts = new int[3];
        for (var i = 0; i < 110; i++)
        {
            var lease = Pick().Lease;
            counts[lease.Cell.Id.Address == TestEndpoints.Address(1) ? 1 : 2]++;
            lease.Release();
        }

        Assert.Equal((100, 10), (counts[1], counts[2]));
    }
}
