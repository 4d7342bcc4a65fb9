using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Requests that wait for a connection when all backends are full.</summary>
public sealed class QueueTests
{
    private static readonly ConnectionPolicy One = new() { Max = 1, QueueTimeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Queued_requests_are_served_in_the_order_of_their_arrival()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.Answer()));
        await using var gateway = await StartAsync([backend], One);

        List<Task<Reply>> asking = [gateway.AskAsync(target: "/0")];
        await backend.WaitForRequestsAsync(1);
        for (var i = 1; i <= 5; i++)
        {
            asking.Add(gateway.AskAsync(i % 2 == 0 ? "GET" : "POST", $"/{i}"));
            await WaitingAsync(gateway, i);
        }

        let.SetResult();
        Assert.All(await Task.WhenAll(asking), reply => Assert.Equal(200, reply.Status));
        Assert.Equal(["/0", "/1", "/2", "/3", "/4", "/5"], backend.Requests.Select(request => request.Target));
        Assert.Equal(1, backend.ConnectionsAccepted);
        Assert.Equal((5, 0), (await gateway.MetricAsync("gateway_queued_total"), await gateway.MetricAsync("gateway_queue_length")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_connection_pool_idle"));
    }

    [Fact]
    public async Task A_request_queued_too_long_gets_503_for_which_no_backend_is_to_blame()
    {
        var let = new TaskCompletionSource();
        await using var pool = new BackendSet(2, _ => RawScripts.SlowHead(let.Task));
        await using var gateway = await StartAsync([pool[0], pool[1]], One with { QueueTimeout = TimeSpan.FromMilliseconds(50) });

        var held = Task.WhenAll(gateway.AskAsync(), gateway.AskAsync());
        await Task.WhenAll(pool[0].WaitForRequestsAsync(1), pool[1].WaitForRequestsAsync(1));
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");
        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(503, "connection_limit_reached");
        let.SetResult();

        Assert.All(await held, reply => reply.AssertPassedOn(200, "late"));
        Assert.Equal([1, 1], pool.Counts);
        Assert.Equal(2, await gateway.MetricAsync("gateway_queue_timeouts_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.All(gateway.Pool.Endpoints, endpoint => Assert.Equal(0, endpoint.Cell.Failures));
    }

    [Fact]
    public async Task With_the_queue_full_too_the_answer_is_503_at_once()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.Answer()));
        await using var gateway = await StartAsync([backend], One with { QueueSize = 1 });

        var held = gateway.AskAsync();
        await backend.WaitForRequestsAsync(1);
        var waiting = gateway.AskAsync();
        await WaitingAsync(gateway, 1);
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");
        let.SetResult();

        (await held).AssertPassedOn(200, "late");
        (await waiting).AssertPassedOn(200, "ok");
        Assert.Equal(1, await gateway.MetricAsync("gateway_requests_saturated_total"));
    }

    [Fact]
    public async Task A_client_that_leaves_while_queued_costs_nobody_a_turn()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.Answer()));
        await using var gateway = await StartAsync([backend], One);

        var held = gateway.AskAsync();
        await backend.WaitForRequestsAsync(1);
        var leaving = await RawClient.ConnectAsync(gateway.Address);
        await leaving.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await WaitingAsync(gateway, 1);
        var staying = gateway.AskAsync();
        await WaitingAsync(gateway, 2);
        leaving.Reset(); // Without a reset, the client might only have ended its side.
        await WaitingAsync(gateway, 1);
        let.SetResult();

        (await held).AssertPassedOn(200, "late");
        (await staying).AssertPassedOn(200, "ok");
        Assert.Equal(2, backend.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_breaks_makes_room_for_the_next()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(ResetUnanswered(let.Task), RawScripts.Answer()));
        await using var gateway = await StartAsync([backend], One);

        var held = gateway.AskAsync("POST");
        await backend.WaitForRequestsAsync(1);
        var waiting = gateway.AskAsync("POST");
        await WaitingAsync(gateway, 1);
        let.SetResult();

        (await held).AssertProblem(502, "connection_terminated");
        (await waiting).AssertPassedOn(200, "ok");
        Assert.Equal(2, backend.ConnectionsAccepted);
    }

    [Fact]
    public async Task A_request_queued_at_a_backend_that_died_is_served_by_another()
    {
        var let = new TaskCompletionSource();
        await using var dying = RawBackend.Start(RawScripts.Hang);
        await using var other = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.Answer()));
        await using var gateway = await StartAsync([dying, other], One);

        var held = Task.WhenAll(gateway.AskAsync("POST"), gateway.AskAsync("POST"));
        await Task.WhenAll(dying.WaitForRequestsAsync(1), other.WaitForRequestsAsync(1));
        var waiting = Task.WhenAll(gateway.AskAsync("POST"), gateway.AskAsync("POST"));
        await WaitingAsync(gateway, 2);
        let.SetResult(); // First; otherwise the attempts may be used up before the other backend is free.
        await dying.StopAsync();

        Assert.Equal([200, 502], (await held).Select(reply => reply.Status).Order());
        Assert.All(await waiting, reply => reply.AssertPassedOn(200, "ok"));
    }

    private static Func<RawExchange, Task> ResetUnanswered(Task when) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await when.WaitAsync(exchange.Stopping);
        exchange.Reset();
    };

    private static Task<TestGateway> StartAsync(IEnumerable<RawBackend> backends, ConnectionPolicy connections) =>
        TestGateway.StartAsync(backends.Select(backend => backend.Address), pool => pool with { Connections = connections });

    /// <summary>Waits until that many requests wait for a connection.</summary>
    private static async Task WaitingAsync(TestGateway gateway, int requests)
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        while (await gateway.MetricAsync("gateway_queue_length") != requests)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
