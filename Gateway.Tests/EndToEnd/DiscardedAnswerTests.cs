using Gateway.Core.Breaking;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// Answers that are discarded for another attempt, and then do not even end properly. In every case each lease ends once, and each attempt counts once.
/// </summary>
public sealed class DiscardedAnswerTests
{
    private const string Head = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\nbegun";

    [Theory]
    [InlineData("is reset")]
    [InlineData("is closed")]
    [InlineData("falls silent")]
    [InlineData("is longer than is drained")]
    [InlineData("breaks its framing")]
    public async Task Its_lease_ends_and_it_counts_once_however_the_rest_of_it_fails(string how)
    {
        await using var failing = RawBackend.Start(Failing(how));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address], Patient);

        for (var i = 0; i < 3; i++)
        {
            (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        }

        await gateway.StopAsync();
        var backend = ("backend", failing.EndPoint.ToString());
        var attempts = failing.Requests.Count;
        Assert.InRange(attempts, 1, 3);
        Assert.Equal(attempts, await gateway.MetricAsync("gateway_backend_requests_total", backend));
        Assert.Equal(attempts, await gateway.MetricAsync("gateway_backend_failures_total", backend));
        Assert.Equal(attempts, await gateway.MetricAsync("gateway_backend_failures_total", backend, ("reason", "status")));
        Assert.Equal(attempts, await gateway.MetricAsync("gateway_retries_total"));
        Assert.Equal(attempts, gateway.Pool.Endpoints[0].Cell.Failures);
        Assert.Equal(attempts, gateway.Pool.Endpoints[0].Cell.Answers); // It leaves nothing waiting: it is not a stall.
    }

    [Fact]
    public async Task A_trial_among_them_gives_its_permit_back()
    {
        await using var failing = RawBackend.Start(Failing("is reset"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [failing.Address, other.Address],
            pool => Patient(pool) with { Breaker = new() { Threshold = 1, Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(100) } });

        while (await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "half-open"), ("to", "open")) < 3)
        {
            (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        }
    }

    [Fact]
    public async Task After_ten_thousand_that_are_reset_nothing_is_in_flight_taken_or_waiting()
    {
        const int Wanted = 10_000;
        const int Clients = 16;
        const int MaxOfAClient = 4 * Wanted / Clients; // Every other request meets the failing one first.
        await using var failing = RawBackend.Start(Failing("is reset"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address], Patient);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            for (var request = 0; request < MaxOfAClient && failing.ConnectionsAccepted < Wanted; request++)
            {
                await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            }
        })));

        Assert.InRange(failing.ConnectionsAccepted, Wanted, Wanted + Clients);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_active_connections"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_circuit_breaker_trials"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_queue_length"));
        Assert.Equal(
            await gateway.MetricAsync("gateway_backend_failures_total"),
            await gateway.MetricAsync("gateway_backend_requests_total", ("backend", failing.EndPoint.ToString())));
    }

    private static PoolSettings Patient(PoolSettings pool) => pool with
    {
        Breaker = new() { Threshold = BreakerWord.MaxCount },
        Retry = new() { BudgetPercent = 100, BudgetMinimum = 10_000 },
    };

    private static Func<RawExchange, Task> Failing(string how) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.WriteAsync(how switch
        {
            "is longer than is drained" => "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100000\r\n\r\nbegun",
            "breaks its framing" => "HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n",
            _ => Head,
        });
        switch (how)
        {
            case "is reset": exchange.Reset(); break;
            case "is closed": exchange.Close(); break;
            default: await exchange.HangAsync(); break;
        }
    };
}
