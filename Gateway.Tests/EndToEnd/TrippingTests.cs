using Gateway.Core.Breaking;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Breakers of backends that fail only in traffic: what trips them, and how they are trusted again.</summary>
public sealed class TrippingTests
{
    private static readonly RetryPolicy NoRetries = new() { Attempts = 0 };

    [Theory]
    [InlineData("says 503", 503, "status")]
    [InlineData("talks garbage", 502, "malformed")]
    [InlineData("resets", 502, "reset")]
    public async Task After_five_failures_in_a_row_a_backend_gets_no_more_requests(string how, int status, string reason)
    {
        await using var failing = RawBackend.Start(Failing(how));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [failing.Address, other.Address],
            pool => pool with { Retry = NoRetries });

        // Round robin: every second request goes to the failing backend, until it trips.
        var statuses = await gateway.AskManyAsync(20);

        Assert.Equal(5, failing.Requests.Count);
        Assert.Equal(15, other.Requests.Count);
        Assert.Equal([status, 200, status, 200, status, 200, status, 200, status, 200], statuses.Take(10));
        Assert.All(statuses.Skip(10), later => Assert.Equal(200, later));
        await gateway.LoggedAsync($"default/{failing.Address.AbsoluteUri.TrimEnd('/')} breaker Closed -> Open (epoch 1)");
        await gateway.LoggedAsync("pool default: 1 of 2 endpoints available"); // The pool hears of it from the endpoint.
        var backend = ("backend", failing.EndPoint.ToString());
        Assert.Equal(5, await gateway.MetricAsync("gateway_backend_failures_total", backend, ("reason", reason)));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", backend, ("from", "closed"), ("to", "open")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_state", backend));
        Assert.Equal(1, await gateway.MetricAsync("gateway_healthy_backends"));
    }

    [Fact]
    public async Task A_backend_that_hangs_gets_no_more_requests_after_five_at_most()
    {
        await using var failing = RawBackend.Start(Failing("hangs"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [failing.Address, other.Address], pool => pool with { Retry = NoRetries, Timeouts = ShortTry });

        // One at a time, so that its breaker counts; after a second without an answer two failures in a row suffice.
        var statuses = await gateway.AskManyAsync(20);

        Assert.InRange(failing.Requests.Count, 2, 5);
        Assert.Equal(failing.Requests.Count, statuses.Count(status => status == 504));
        Assert.Equal(20, failing.Requests.Count + other.Requests.Count);
        Assert.All(statuses.Skip(10), later => Assert.Equal(200, later));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_state", ("backend", failing.EndPoint.ToString())));
    }

    [Fact]
    public async Task An_answer_that_is_not_http_is_not_passed_on_and_tried_again_elsewhere_where_that_may_be()
    {
        await using var garbage = RawBackend.Start(RawScripts.Garbage);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([garbage.Address, other.Address]);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");
        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(502, "http_protocol_error");

        Assert.Equal(2, garbage.Requests.Count);
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task With_retries_no_client_sees_a_backend_trip()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        Assert.All(await gateway.AskManyAsync(20), status => Assert.Equal(200, status));

        Assert.Equal(5, failing.Requests.Count);
    }

    [Fact]
    public async Task A_success_in_between_starts_the_count_anew()
    {
        var no = RawScripts.Answer(503);
        await using var backend = RawBackend.Start(RawScripts.InTurn(no, no, no, no, RawScripts.Answer(), no, no, no, no, RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);

        Assert.Equal([503, 503, 503, 503, 200, 503, 503, 503, 503, 200], await gateway.AskManyAsync(10));
    }

    [Fact]
    public async Task After_the_break_a_trial_goes_through_and_a_backend_that_is_well_is_taken_back()
    {
        await using var backend = RawBackend.Start(RawScripts.Burst(5));
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Breaker = Brief });
        await gateway.AskManyAsync(5);

        (await AskAfterBreakAsync(gateway)).AssertPassedOn(200, "ok");

        await gateway.LoggedAsync("breaker Closed -> Open (epoch 1)");
        await gateway.LoggedAsync("breaker Open -> HalfOpen (epoch 2): ready for trials");
        await gateway.LoggedAsync("breaker HalfOpen -> Closed (epoch 3): trial succeeded");
        Assert.Equal(0, await gateway.MetricAsync("gateway_circuit_breaker_state"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "closed"), ("to", "open")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "open"), ("to", "half-open")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_circuit_breaker_transitions_total", ("from", "half-open"), ("to", "closed")));
    }

    [Fact]
    public async Task A_trial_that_fails_opens_the_breaker_again()
    {
        await using var backend = RawBackend.Start(RawScripts.Burst(6));
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Breaker = Brief });
        await gateway.AskManyAsync(5);

        (await AskAfterBreakAsync(gateway)).AssertPassedOn(503, "no");
        await gateway.LoggedAsync("breaker HalfOpen -> Open (epoch 3): trial failed: Status");

        (await AskAfterBreakAsync(gateway)).AssertPassedOn(200, "ok");
        await gateway.LoggedAsync("breaker HalfOpen -> Closed (epoch 5): trial succeeded");
        Assert.Equal(7, backend.Requests.Count);
    }

    [Fact]
    public async Task No_more_trials_are_out_at_once_than_configured()
    {
        var let = new TaskCompletionSource();
        var no = RawScripts.Answer(503);
        await using var backend = RawBackend.Start(RawScripts.InTurn(no, no, no, no, no, RawScripts.SlowHead(let.Task)));
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Breaker = Brief with { HalfOpenMaxCalls = 2 } });
        await gateway.AskManyAsync(5);

        var trials = new[] { AskAfterBreakAsync(gateway), AskAfterBreakAsync(gateway) };
        await backend.WaitForRequestsAsync(7);
        (await gateway.AskAsync()).AssertProblem(503, "destination_unavailable");
        Assert.Equal(0.5, await gateway.MetricAsync("gateway_circuit_breaker_state"));
        Assert.Equal(2, await gateway.MetricAsync("gateway_circuit_breaker_trials"));
        let.SetResult();

        Assert.All(await Task.WhenAll(trials), reply => reply.AssertPassedOn(200, "late"));
        await gateway.LoggedAsync("breaker HalfOpen -> Closed");
        Assert.Equal(7, backend.Requests.Count);
    }

    [Fact]
    public async Task A_trial_whose_client_leaves_gives_its_permit_back()
    {
        var left = new TaskCompletionSource();
        var no = RawScripts.Answer(503);
        await using var backend = RawBackend.Start(RawScripts.InTurn(no, no, no, no, no, HangUntilLeft(left), RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Breaker = Brief with { HalfOpenMaxCalls = 1 } });
        await gateway.AskManyAsync(5);
        await LeaveDuringTrialAsync(gateway, backend.WaitForRequestsAsync(6));
        await left.Task;
        (await AskAfterBreakAsync(gateway)).AssertPassedOn(200, "ok");
        Assert.Equal(7, backend.Requests.Count);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "abandoned")));
    }

    /// <summary>The shortest break possible; it never grows much.</summary>
    private static BreakerPolicy Brief => new() { Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(200) };

    /// <summary>Not shorter, since requests to the backend that is well are held to it too.</summary>
    private static TimeoutPolicy ShortTry => new() { Try = TimeSpan.FromSeconds(1) };

    /// <summary>Sends requests until one is admitted to the backend.</summary>
    private static async Task<Reply> AskAfterBreakAsync(TestGateway gateway, CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(RawBackend.WaitTimeout);
        while (true)
        {
            var reply = await gateway.AskAsync(cancellation: limit.Token);
            if (reply.ProxyStatus is null)
            {
                return reply;
            }

            reply.AssertProblem(503, "destination_unavailable");
        }
    }

    /// <summary>Sends requests until one is the trial; its client then resets its connection, since an orderly end would only say that it sends no more.</summary>
    private static async Task LeaveDuringTrialAsync(TestGateway gateway, Task trial)
    {
        while (true)
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            var refused = client.ReadAnswerAsync();
            if (await Task.WhenAny(trial, refused) == trial)
            {
                client.Reset();
                return;
            }

            Assert.Equal(503, (await refused).Status);
        }
    }

    private static Func<RawExchange, Task> Failing(string how) => how switch
    {
        "hangs" => RawScripts.Hang,
        "says 503" => RawScripts.Answer(503),
        "talks garbage" => RawScripts.Garbage,
        "resets" => RawScripts.Reset,
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, null),
    };

    private static Func<RawExchange, Task> HangUntilLeft(TaskCompletionSource left) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.HangAsync();
        left.SetResult();
    };
}
