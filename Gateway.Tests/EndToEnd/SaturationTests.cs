using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>More concurrent requests than allowed: at one backend, at all, at the replica.</summary>
public sealed class SaturationTests
{
    [Fact]
    public async Task A_full_backend_is_passed_over()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([slow.Address, other.Address], OneConnectionEach);

        var held = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);
        Assert.All(await gateway.AskManyAsync(5), status => Assert.Equal(200, status));
        Assert.Equal((1, 5), (slow.Requests.Count, other.Requests.Count));
        let.SetResult();

        (await held).AssertPassedOn(200, "late");
    }

    [Fact]
    public async Task With_every_backend_full_the_answer_is_503_and_nobodys_failure()
    {
        var let = new TaskCompletionSource();
        await using var pool = new BackendSet(2, _ => RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, OneConnectionEach);

        var held = Task.WhenAll(gateway.AskAsync(), gateway.AskAsync());
        await Task.WhenAll(pool[0].WaitForRequestsAsync(1), pool[1].WaitForRequestsAsync(1));
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");
        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(503, "connection_limit_reached");
        let.SetResult();

        Assert.All(await held, reply => reply.AssertPassedOn(200, "late"));
        Assert.Equal([1, 1], pool.Counts);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_retry_finds_the_only_other_backend_full_and_the_first_answer_passes()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var gateway = await TestGateway.StartAsync([slow.Address, failing.Address], OneConnectionEach);

        var held = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);
        (await gateway.AskAsync()).AssertPassedOn(503, "no");
        let.SetResult();

        (await held).AssertPassedOn(200, "late");
        Assert.Single(failing.Requests);
    }

    [Fact]
    public async Task Over_its_own_limit_the_replica_sheds_requests_but_says_that_it_lives()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync([slow.Address], settings: s => s with { Limits = new() { MaxConnections = 1 } });

        var held = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");
        Assert.Equal((200, """{"status":"alive"}"""), await CheckAsync(gateway, "/health"));
        Assert.Equal((200, """{"status":"ready"}"""), await CheckAsync(gateway, "/ready"));
        let.SetResult();

        (await held).AssertPassedOn(200, "late");
        Assert.Single(slow.Requests);
        Assert.Equal(1, await gateway.MetricAsync("gateway_requests_shed_total"));
    }

    [Fact]
    public async Task More_requests_than_connections_open_no_more_connections()
    {
        await using var pool = new BackendSet(2);
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Connections = new() { Max = 3 } });

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.AskAsync()));

        Assert.All(replies, reply => Assert.True(reply.Status == 200 || reply.ProxyStatus == "\"test\"; error=connection_limit_reached"));
        Assert.InRange(pool[0].ConnectionsAccepted, 1, 3);
        Assert.InRange(pool[1].ConnectionsAccepted, 1, 3);
    }

    private static PoolSettings OneConnectionEach(PoolSettings pool) => pool with { Connections = new() { Max = 1, QueueSize = 0 } };

    private static async Task<(int Status, string Body)> CheckAsync(TestGateway gateway, string target)
    {
        var reply = await gateway.AskAsync(target: target);
        return (reply.Status, reply.Body);
    }
}
