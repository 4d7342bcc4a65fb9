using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>The adaptive limit of a pool: which requests it refuses, and when a request's place is free again.</summary>
public sealed class AdaptiveConcurrencyTests
{
    [Fact]
    public async Task Beyond_the_limit_requests_are_refused_until_the_head_of_an_answer_has_come()
    {
        var (head, body) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var slow = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(head.Task), RawScripts.SlowBody(body.Task), RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([slow.Address], LimitedToOne);

        var first = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");
        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(503, "connection_limit_reached");
        Assert.Equal(2, await gateway.MetricAsync("gateway_concurrency_refused_total", ("priority", "default")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_concurrency_limit"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_concurrency_in_flight"));
        head.SetResult();
        (await first).AssertPassedOn(200, "late");

        // The second's body is still to come, but it no longer waits.
        var second = gateway.AskAsync();
        await slow.WaitForRequestsAsync(2);
        await Eventually.IsAsync(() => gateway.Pool.Concurrency.InFlight == 0);
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        body.SetResult();
        Assert.Equal(200, (await second).Status);
        Assert.Equal(0, await gateway.MetricAsync("gateway_concurrency_in_flight"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task The_refusal_says_when_to_come_again_and_keeps_the_connection()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync([slow.Address], LimitedToOne);
        var held = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);

        await using var client = await RawClient.ConnectAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            var answer = await client.ReadAnswerAsync("POST");
            Assert.Equal(503, answer.Status);
            Assert.Contains("\r\nRetry-After: 1\r\n", answer.RawText, StringComparison.Ordinal);
            Assert.Contains("the backends are overloaded", answer.BodyText, StringComparison.Ordinal);
        }

        let.SetResult();
        (await held).AssertPassedOn(200, "late");
    }

    [Fact]
    public async Task A_client_that_leaves_and_a_backend_that_breaks_give_their_places_back()
    {
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.Hang, RawScripts.CloseUnanswered, RawScripts.Answer(500), RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => LimitedToOne(pool) with { Retry = pool.Retry with { Attempts = 0 } });

        await using (var leaving = await RawClient.ConnectAsync(gateway.Address))
        {
            await leaving.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await backend.WaitForRequestsAsync(1);
            Assert.Equal(1, gateway.Pool.Concurrency.InFlight);
            leaving.Reset();
        }

        await Eventually.IsAsync(() => gateway.Pool.Concurrency.InFlight == 0);
        (await gateway.AskAsync("POST", body: "x")).AssertProblem(502, "connection_terminated");
        Assert.Equal(500, (await gateway.AskAsync()).Status);
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        await Eventually.IsAsync(() => gateway.Pool.Concurrency.InFlight == 0);
    }

    [Fact]
    public async Task A_reload_brings_the_limit_and_takes_it_away_under_requests_that_wait()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.SlowHead(let.Task));
        await using var gateway = await TestGateway.StartAsync([slow.Address]);
        var uncounted = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);

        await gateway.ReconfigurePoolAsync(LimitedToOne);
        await Eventually.IsAsync(() => gateway.Pool.Settings.AdaptiveConcurrency is not null);
        var counted = gateway.AskAsync();
        await slow.WaitForRequestsAsync(2);
        (await gateway.AskAsync()).AssertProblem(503, "connection_limit_reached");

        await gateway.ReconfigurePoolAsync(pool => pool with { AdaptiveConcurrency = null });
        await Eventually.IsAsync(() => gateway.Pool.Settings.AdaptiveConcurrency is null);
        var free = gateway.AskAsync();
        await slow.WaitForRequestsAsync(3);
        let.SetResult();

        Assert.All(await Task.WhenAll(uncounted, counted, free), reply => reply.AssertPassedOn(200, "late"));
        await Eventually.IsAsync(() => gateway.Pool.Concurrency.InFlight == 0);
        Assert.DoesNotContain("gateway_concurrency_limit{", await gateway.ScrapeAsync(), StringComparison.Ordinal);
    }

    private static PoolSettings LimitedToOne(PoolSettings pool) => pool with { AdaptiveConcurrency = new() { Min = 1, Max = 1 } };
}
