using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Which requests are refused first, by their routes' priority.</summary>
public sealed class RequestPriorityTests
{
    [Fact]
    public async Task Under_the_adaptive_limit_lower_priorities_are_refused_first()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(
            [slow.Address], pool => pool with { AdaptiveConcurrency = new() { Min = 10, Max = 10 } }, WithPriorities);
        var held = new List<Task<Reply>>();
        await FillAsync("/sheddable", 8);
        await FillAsync("/other", 1);
        await FillAsync("/critical", 1);
        Assert.Equal(1, await gateway.MetricAsync("gateway_concurrency_refused_total", ("priority", "sheddable")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_concurrency_refused_total", ("priority", "default")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_concurrency_refused_total", ("priority", "critical")));
        let.SetResult();
        Assert.All(await Task.WhenAll(held), reply => reply.AssertPassedOn(200, "late"));

        // Requests are admitted as long as their priority has room, and not one more.
        async Task FillAsync(string path, int room)
        {
            for (var i = 0; i < room; i++)
            {
                held.Add(gateway.AskAsync(target: path));
                await slow.WaitForRequestsAsync(held.Count);
            }

            (await gateway.AskAsync(target: path)).AssertProblem(503, "connection_limit_reached");
        }
    }

    [Fact]
    public async Task Under_the_limit_of_the_replica_sheddable_requests_are_refused_first()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync([slow.Address], settings: s => WithPriorities(s) with { Limits = new() { MaxConnections = 5 } });
        var held = new List<Task<Reply>>();
        foreach (var path in (string[])["/sheddable", "/critical", "/sheddable", "/other"])
        {
            held.Add(gateway.AskAsync(target: path));
            await slow.WaitForRequestsAsync(held.Count);
        }

        (await gateway.AskAsync(target: "/sheddable")).AssertProblem(503, "connection_limit_reached");
        held.Add(gateway.AskAsync(target: "/other"));
        await slow.WaitForRequestsAsync(5);
        (await gateway.AskAsync(target: "/critical")).AssertProblem(503, "connection_limit_reached");
        Assert.Equal(2, await gateway.MetricAsync("gateway_requests_shed_total"));
        let.SetResult();
        Assert.All(await Task.WhenAll(held), reply => reply.AssertPassedOn(200, "late"));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_active_requests") == 0);
    }

    [Fact]
    public async Task A_sheddable_request_waits_for_no_connection()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(
            [slow.Address], pool => pool with { Connections = new() { Max = 1, QueueSize = 5, QueueTimeout = TimeSpan.FromMinutes(1) } }, WithPriorities);
        var first = gateway.AskAsync(target: "/sheddable");
        await slow.WaitForRequestsAsync(1);
        (await gateway.AskAsync(target: "/sheddable")).AssertProblem(503, "connection_limit_reached");
        var waiting = gateway.AskAsync(target: "/other");
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_queue_length") == 1);
        let.SetResult();
        (await first).AssertPassedOn(200, "late");
        (await waiting).AssertPassedOn(200, "late");
    }

    [Fact]
    public async Task A_reload_changes_the_priority_of_a_route()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(
            [slow.Address], pool => pool with { AdaptiveConcurrency = new() { Min = 2, Max = 2 } }, WithPriorities);
        var first = gateway.AskAsync(target: "/sheddable");
        await slow.WaitForRequestsAsync(1);
        (await gateway.AskAsync(target: "/sheddable")).AssertProblem(503, "connection_limit_reached");
        await gateway.ReconfigureAsync(s => s with { Routes = [.. s.Routes.Select(route => route with { Priority = RequestPriority.Critical })] });
        var second = gateway.AskAsync(target: "/sheddable");
        await slow.WaitForRequestsAsync(2);
        let.SetResult();
        Assert.All(await Task.WhenAll(first, second), reply => reply.AssertPassedOn(200, "late"));
    }

    private static GatewaySettings WithPriorities(GatewaySettings settings) => settings with
    {
        Routes =
        [
            new() { Name = "critical", PathPrefix = "/critical", Pool = PoolSettings.DefaultName, Priority = RequestPriority.Critical },
            new() { Name = "sheddable", PathPrefix = "/sheddable", Pool = PoolSettings.DefaultName, Priority = RequestPriority.Sheddable },
            new() { Name = "rest", Pool = PoolSettings.DefaultName },
        ],
    };
}
