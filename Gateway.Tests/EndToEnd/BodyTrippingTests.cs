using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Backends with valid heads and broken bodies: a head alone proves nothing.</summary>
public sealed class BodyTrippingTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";

    [Theory]
    [InlineData("GET", "resets in the middle")]
    [InlineData("POST", "resets in the middle")]
    [InlineData("GET", "closes in the middle")]
    [InlineData("POST", "closes in the middle")]
    [InlineData("GET", "breaks its chunks")]
    [InlineData("POST", "breaks its chunks")]
    [InlineData("GET", "sends the head alone")]
    [InlineData("POST", "sends the head alone")]
    public async Task A_backend_that_breaks_each_body_after_its_head_trips_after_five(string method, string how)
    {
        await using var failing = RawBackend.Start(Breaking(how));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        for (var i = 0; i < 20; i++)
        {
            await AskAsync(gateway, method);
        }

        await gateway.StopAsync();
        Assert.Equal(5, failing.Requests.Count);
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Successes);
        var backend = ("backend", failing.EndPoint.ToString());
        Assert.Equal(5, await gateway.MetricAsync("gateway_backend_failures_total", backend));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", backend, ("from", "closed"), ("to", "open")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
    }

    /// <summary>The silence must be longer than any delay of the client's connection: if it has not taken the first part by then, the client is to blame.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_backend_that_falls_silent_in_the_middle_of_each_body_trips_whatever_its_heads(string method)
    {
        await using var failing = RawBackend.Start(Breaking("falls silent in the middle"));
        await using var gateway = await TestGateway.StartAsync(
            [failing.Address], pool => pool with { Breaker = new() { Threshold = 2 }, Timeouts = pool.Timeouts with { Idle = TimeSpan.FromSeconds(2) } });

        await AskAsync(gateway, method);
        await AskAsync(gateway, method);
        await AskAsync(gateway, method);

        await gateway.StopAsync();
        Assert.Equal(2, failing.Requests.Count);
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Successes);
        Assert.Equal(2, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "closed"), ("to", "open")));
    }

    [Fact]
    public async Task With_heads_but_no_bodies_requests_are_repeated_within_the_budget_alone()
    {
        await using var failing = RawBackend.Start(Breaking("sends the head alone"));
        await using var gateway = await TestGateway.StartAsync([failing.Address], pool => pool with
        {
            Breaker = new() { Threshold = BreakerWord.MaxCount },
            Retry = new() { BudgetPercent = 0, BudgetMinimum = 3 },
        });

        for (var i = 0; i < 20; i++)
        {
            await AskAsync(gateway, "GET");
        }

        Assert.InRange(failing.Requests.Count, 20, 23);
    }

    [Fact]
    public async Task A_trial_whose_body_breaks_has_failed()
    {
        await using var backend = RawBackend.Start(Breaking("resets in the middle"));
        await using var gateway = await TestGateway.StartAsync([backend.Address], Brief);

        await UntilLoggedAsync(gateway, "breaker HalfOpen -> Open (epoch 3): trial failed: Body");

        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "half-open"), ("to", "closed")));
    }

    [Fact]
    public async Task A_trial_that_is_a_stream_has_succeeded_before_it_ends()
    {
        var never = new TaskCompletionSource().Task;
        var no = RawScripts.Answer(503);
        await using var backend = RawBackend.Start(RawScripts.InTurn(no, no, no, no, no, RawScripts.SlowBody(never)));
        await using var gateway = await TestGateway.StartAsync([backend.Address], Brief);
        await gateway.AskManyAsync(5);
        await gateway.LoggedAsync("breaker Open -> HalfOpen");
        await Eventually.IsAsync(() => gateway.Pool.Picker is not EmptyPicker); // It is picked again a moment after the log line.
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", (await client.ReadHeadAsync()).StartLine);

        await gateway.LoggedAsync("breaker HalfOpen -> Closed (epoch 3): trial succeeded");

        Assert.Equal((1, 0), (gateway.Pool.Endpoints[0].Cell.InFlight, gateway.Pool.Endpoints[0].Cell.Breaker.Trials));
        client.Reset();
    }

    private static PoolSettings Brief(PoolSettings pool) => pool with
    {
        Breaker = new() { Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(200) },
        Retry = new() { Attempts = 0 },
    };

    private static async Task UntilLoggedAsync(TestGateway gateway, string text)
    {
        var logged = gateway.LoggedAsync(text);
        while (!logged.IsCompleted)
        {
            await AskAsync(gateway, "GET");
        }

        await logged;
    }

    /// <summary>Sends one request on its own connection, with any result, and waits until everything is counted.</summary>
    private static async Task AskAsync(TestGateway gateway, string method)
    {
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await client.ReadToEndAsync();
        await Eventually.IsAsync(() => gateway.Pool.Endpoints.All(endpoint => endpoint.Cell.InFlight == 0));
    }

    private static Func<RawExchange, Task> Breaking(string how) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        switch (how)
        {
            case "resets in the middle":
                await exchange.WriteAsync(Head + new string('x', 5000));
                exchange.Reset();
                break;
            case "closes in the middle":
                await exchange.WriteAsync(Head + new string('x', 5000));
                exchange.Close();
                break;
            case "breaks its chunks":
                await exchange.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                exchange.Close();
                break;
            case "falls silent in the middle":
                await exchange.WriteAsync(Head + new string('x', 5000));
                await exchange.HangAsync();
                break;
            default:
                await exchange.WriteAsync(Head);
                exchange.Reset();
                break;
        }
    };
}
