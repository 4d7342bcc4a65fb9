using Gateway.Core.Balancing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Settings that change during requests: no client notices, and endpoints that stay keep their state.</summary>
public sealed class ReloadUnderLoadTests
{
    [Theory]
    [InlineData(Strategy.RoundRobin)]
    [InlineData(Strategy.Weighted)]
    [InlineData(Strategy.LeastConnections)]
    [InlineData(Strategy.IpHash)]
    [InlineData(Strategy.P2C)]
    public async Task Endpoints_come_go_and_change_weight_and_no_request_fails(Strategy strategy)
    {
        await using var pool = new BackendSet(4);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Strategy = strategy });
        var all = gateway.Pool.Settings.Endpoints;
        var load = Load.Start(gateway);

        for (var round = 0; round < 40; round++)
        {
            // One removed, another with a higher weight, in a new order.
            await gateway.ReconfigurePoolAsync(settings => settings with
            {
                Endpoints = [.. all.Select((endpoint, i) => endpoint with { Weight = i == round % 3 ? 5 : 1 }).Where((_, i) => i != round % 4).Reverse()],
            });
            await gateway.AskManyAsync(3);
        }

        var replies = await load.StopAsync();
        Assert.All(replies, reply => Assert.Equal((200, null), (reply.Status, reply.ProxyStatus)));
        Assert.NotEmpty(replies);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task Requests_in_flight_finish_where_they_are_whether_their_endpoint_stays_or_goes()
    {
        var let = new TaskCompletionSource();
        await using var pool = new BackendSet(2, _ => RawScripts.SlowBody(let.Task));
        await using var gateway = await TestGateway.StartAsync(pool.Addresses);
        var held = Task.WhenAll(gateway.AskAsync(), gateway.AskAsync());
        await Task.WhenAll(pool[0].WaitForRequestsAsync(1), pool[1].WaitForRequestsAsync(1));
        var (staying, leaving) = (gateway.Pool.Endpoints[0].Cell, gateway.Pool.Endpoints[1].Cell);

        await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = settings.Endpoints.RemoveAt(1) });

        Assert.Same(staying, Assert.Single(gateway.Pool.Endpoints).Cell);
        Assert.Equal((1, 1), (staying.InFlight, leaving.InFlight));
        await gateway.LoggedAsync($"{leaving.Id} left with 1 attempts in flight");
        let.SetResult();

        Assert.All(await held, reply => reply.AssertPassedOn(200, "halfhalf"));
        await gateway.StopAsync();
        Assert.Equal((0, 0), (staying.InFlight, leaving.InFlight));
        Assert.Equal(0, await gateway.MetricAsync("gateway_active_connections"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_retry_goes_to_the_new_endpoints_unless_the_policies_are_others_than_the_request_began_with(bool othersToo)
    {
        var (asked, let) = (0, new TaskCompletionSource());
        await using var old = new BackendSet(2, _ => async exchange =>
        {
            await exchange.ReadHeadAsync();
            if (Interlocked.Increment(ref asked) == 1)
            {
                await let.Task;
                exchange.Reset();
                return;
            }

            await exchange.AnswerAsync(body: "old");
        });
        await using var another = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(old.Addresses);
        var held = gateway.AskAsync();
        await Eventually.IsAsync(() => Volatile.Read(ref asked) == 1);

        var address = TestEndpoints.Address(another.Address.ToString().TrimEnd('/'));
        await gateway.ReconfigurePoolAsync(settings => settings with
        {
            Endpoints = [new(address)],
            Timeouts = othersToo ? settings.Timeouts with { Idle = 2 * settings.Timeouts.Idle } : settings.Timeouts,
        });
        let.SetResult();

        (await held).AssertPassedOn(200, othersToo ? "old" : "ok");
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
    }

    [Fact]
    public async Task Connections_of_endpoints_that_stay_are_kept_and_those_of_one_that_left_are_closed()
    {
        await using var pool = new BackendSet(3);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses);
        var endpoints = gateway.Pool.Settings.Endpoints;
        await gateway.AskManyAsync(3);

        for (var round = 0; round < 5; round++)
        {
            await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = [endpoints[0] with { Weight = 1 + round }, endpoints[1]] });
            await gateway.AskManyAsync(4);
        }

        Assert.Equal((22, 1), (pool.Counts[0] + pool.Counts[1], pool.Counts[2]));
        Assert.Equal((1, 1, 1), (pool[0].ConnectionsAccepted, pool[1].ConnectionsAccepted, pool[2].ConnectionsAccepted));
        Assert.Equal(2, await gateway.MetricAsync("gateway_connection_pool_size"));
    }

    [Fact]
    public async Task The_rotation_goes_on_where_it_was()
    {
        await using var pool = new BackendSet(4);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses);
        var all = gateway.Pool.Settings.Endpoints;

        // A reload before every request, adding and removing the last endpoint: the first must not get more because of it.
        for (var request = 0; request < 60; request++)
        {
            await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = request % 2 == 0 ? all : all.RemoveAt(3) });
            await gateway.AskAsync();
        }

        var staying = pool.Counts.Take(3).ToList();
        Assert.True(staying.Max() - staying.Min() <= 1, string.Join(", ", pool.Counts));
    }

    [Fact]
    public async Task A_breaker_stays_open_through_a_reload()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var gateway = await TestGateway.StartAsync([failing.Address]);
        await gateway.AskManyAsync(5);
        await gateway.LoggedAsync("pool default: 0 of 1 endpoints available");

        await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = [settings.Endpoints[0] with { Weight = 7 }] });

        (await gateway.AskAsync()).AssertProblem(503, "destination_unavailable");
        Assert.Equal(5, failing.Requests.Count);
    }

    [Fact]
    public async Task An_endpoint_that_left_and_came_back_is_a_new_one()
    {
        await using var backend = RawBackend.Start(RawScripts.Burst(5));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var endpoints = gateway.Pool.Settings.Endpoints;
        await gateway.AskManyAsync(5);

        await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = [] });
        (await gateway.AskAsync()).AssertProblem(503, "destination_unavailable");
        await gateway.ReconfigurePoolAsync(settings => settings with { Endpoints = endpoints });

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        Assert.Equal(0, await gateway.MetricAsync("gateway_circuit_breaker_state"));
    }

    [Fact]
    public async Task New_connection_settings_take_new_connections_and_cut_none_off()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowBody(let.Task), RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var held = gateway.AskAsync();
        await backend.WaitForRequestsAsync(1);

        await gateway.ReconfigurePoolAsync(settings => settings with { Connections = new() { Max = 2 } });
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        let.SetResult();

        (await held).AssertPassedOn(200, "halfhalf");
        Assert.Equal(2, backend.ConnectionsAccepted);
    }

    [Fact]
    public async Task A_request_that_was_begun_under_old_connection_settings_does_not_bring_them_back()
    {
        var let = new TaskCompletionSource();
        await using var first = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.AnswerAsync(503, "no");
        });
        await using var second = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([first.Address, second.Address], settings => settings with { Strategy = Strategy.RoundRobin });
        var held = gateway.AskAsync();
        await first.WaitForRequestsAsync(1);
        await gateway.ReconfigurePoolAsync(settings => settings with { Connections = new() { Max = 7 } });
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        let.SetResult();
        (await held).AssertPassedOn(200, "ok"); // From the second backend, whose connections have the new settings.

        Assert.Equal((1, 2), (second.ConnectionsAccepted, second.Requests.Count));
    }
}
